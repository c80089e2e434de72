/**
 * The other end of every client under measurement: welcomes whoever connects, counts and answers what they publish, and
 * blasts messages at them when told to. It costs as little as it can, and in a process of its own.
 */
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { type Frame, Frames } from './frames.ts';
import { asOneChunk, sendFrames } from './frame-sender.ts';
import type { FarEndCommand, FarEndReport, Load, Received } from './loads.ts';

const PUBLISH = 3;

class Peer {
  readonly #socket: Socket;
  readonly #frames = new Frames((frame) => this.#take(frame));
  #answers: number[] = [];
  #echo: Uint8Array[] | undefined;
  #messages = 0;
  #bytes = 0;
  #expected = Infinity;
  #onAnswers: ((chunk: Uint8Array) => void) | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
  }

  expect(messages: number): void {
    [this.#messages, this.#bytes, this.#expected] = [0, 0, messages];
  }

  get received(): Received {
    return { messages: this.#messages, bytes: this.#bytes };
  }

  echo(): void {
    this.#echo = [];
  }

  async blast(load: Load): Promise<void> {
    await sendFrames(load, {
      socket: this.#socket,
      handing: asOneChunk,
      onAnswers: (take) => {
        this.#onAnswers = take;
      },
    });
    this.#onAnswers = undefined;
  }

  #read(chunk: Buffer): void {
    if (this.#onAnswers !== undefined) {
      this.#onAnswers(chunk);
      return;
    }
    this.#frames.push(chunk);
    if (this.#answers.length > 0) this.#socket.write(Uint8Array.from(this.#answers));
    this.#answers = [];
    if (this.#echo !== undefined && this.#echo.length > 0) {
      this.#socket.write(Buffer.concat(this.#echo));
      this.#echo = [];
    }
    if (this.#messages < this.#expected) return;
    this.#expected = Infinity;
    // A little later, so that one too many is seen as well.
    setTimeout(() => tell({ type: 'arrived', received: this.received }), 5);
  }

  #take(frame: Frame): void {
    const { bytes, start, body } = frame;
    const first = bytes[start] ?? 0;
    if (first >> 4 === PUBLISH) this.#takePublish(frame);
    else if (first === 0x62) this.#answers.push(0x70, 2, bytes[body] ?? 0, bytes[body + 1] ?? 0);
    else if (first === 0x82) this.#answers.push(0x90, 4, bytes[body] ?? 0, bytes[body + 1] ?? 0, 0, 2);
    else if (first === 0xc0) this.#answers.push(0xd0, 0);
    else if (first === 0x10) this.#welcome(bytes, body);
  }

  #takePublish({ bytes, start, body, end }: Frame): void {
    const qos = ((bytes[start] ?? 0) >> 1) & 3;
    const id = body + 2 + ((bytes[body] ?? 0) << 8) + (bytes[body + 1] ?? 0);
    const properties = qos === 0 ? id : id + 2;
    this.#messages += 1;
    this.#bytes += end - properties - 1 - (bytes[properties] ?? 0);
    if (qos > 0) this.#answers.push(qos === 1 ? 0x40 : 0x50, 2, bytes[id] ?? 0, bytes[id + 1] ?? 0);
    this.#echo?.push(bytes.slice(start, end));
  }

  /** CONNECT of 5.0: name, version, flags, keep alive, properties, client id. */
  #welcome(bytes: Uint8Array, body: number): void {
    const id = body + 11 + (bytes[body + 10] ?? 0);
    const name = Buffer.from(bytes.subarray(id + 2, id + 2 + (bytes[id + 1] ?? 0))).toString();
    peers.set(name, this);
    this.#answers.push(0x20, 3, 0, 0, 0);
  }
}

const peers = new Map<string, Peer>();
const server = createServer((socket) => void new Peer(socket));
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
tell({ type: 'port', port: (server.address() as AddressInfo).port });
process.on('message', (command: FarEndCommand) => void obey(command));
// Nobody is left to measure anything.
process.on('disconnect', () => process.exit(0));

async function obey(command: FarEndCommand): Promise<void> {
  if (command.type === 'count') {
    const found = [...peers].filter(([name]) => name.startsWith(command.to));
    if (found.length !== 1) throw new Error(`${found.length} clients are called ${command.to}`);
    tell({ type: 'counted', received: (found[0] as (typeof found)[0])[1].received });
    return;
  }
  const peer = peers.get(command.to);
  if (peer === undefined) throw new Error(`${command.to} is not connected`);
  if (command.type === 'blast') {
    await peer.blast(command.load);
    tell({ type: 'blasted' });
    return;
  }
  if (command.type === 'expect') peer.expect(command.messages);
  else peer.echo();
  tell({ type: 'expecting' });
}

function tell(report: FarEndReport): void {
  process.send?.(report);
}
