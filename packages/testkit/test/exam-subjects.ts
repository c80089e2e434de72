/** Transports to examine: the one in memory, and a plain TCP of Node that shows that the exam can be passed. */
import { createServer, createConnection, type AddressInfo, type Socket } from 'node:net';
import type { Connection, ConnectionSink, Dial, Target } from '@omqtt/contracts';
import {
  memoryTransport,
  peerQueue,
  socketExamPeer,
  transportError,
  type ExamListener,
  type ExamPeer,
  type TransportSetup,
} from '../src/index.ts';
import { IncomingBytes } from '../src/incoming-bytes.ts';

export function memorySetup(options: Parameters<typeof memoryTransport>[0] = {}): TransportSetup {
  const network = memoryTransport(options);
  return {
    dial: network.dial,
    listen: async () => {
      network.refuseDials('connection-refused', 0);
      return {
        target: { scheme: 'tcp', host: 'memory', port: 1883, path: '' },
        accept: async () => connectionExamPeer(await network.accept()),
        close: async () => network.refuseDials('connection-refused', Infinity),
      };
    },
  };
}

/** A far end out of any connection. */
function connectionExamPeer(connection: Connection): ExamPeer {
  const incoming = new IncomingBytes();
  const held: (() => void)[] = [];
  const goOn = (): void => {
    for (const resume of held.splice(0)) resume();
  };
  const closed = new Promise<void>((resolve) => {
    connection.start({
      bytes: (chunk) => incoming.push(chunk),
      drained: goOn,
      closed: () => {
        incoming.end();
        goOn();
        resolve();
      },
    });
  });
  return {
    closed,
    read: (count) => incoming.read(count),
    write: async (bytes) => {
      if (connection.write(bytes)) return;
      await new Promise<void>((resolve) => held.push(resolve));
    },
    end: () => void connection.close(),
    reset: () => connection.destroy(),
    pause: () => connection.pause(),
    resume: () => connection.resume(),
  };
}

/** TCP with as little as it takes; `Connection` is what the transports of this project are measured by. */
export function tcpSetup(dial: Dial = dialTcp): TransportSetup {
  return { dial, listen: listenTcp };
}

async function listenTcp(): Promise<ExamListener> {
  const peers = peerQueue();
  const server = createServer((socket) => peers.push(socketExamPeer(socket)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    target: { scheme: 'tcp', host: '127.0.0.1', port, path: '' },
    accept: () => peers.next(),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

const dialTcp: Dial = (target, signal) =>
  new Promise((resolve, reject) => {
    if (signal.aborted) return reject(transportError('aborted'));
    const socket = createConnection({ host: target.host, port: target.port });
    const giveUp = (): void => {
      socket.destroy();
      reject(transportError('aborted'));
    };
    const refuse = (): void => reject(transportError('connection-refused'));
    signal.addEventListener('abort', giveUp, { once: true });
    socket.once('error', refuse);
    socket.once('connect', () => {
      signal.removeEventListener('abort', giveUp);
      socket.off('error', refuse);
      resolve(new TcpConnection(socket, target));
    });
  });

class TcpConnection implements Connection {
  readonly info: Connection['info'];
  readonly #socket: Socket;
  #sink: ConnectionSink | undefined;
  #isPaused = false;
  #isClosing = false;
  #lost: Error | undefined;
  #isGone = false;

  constructor(socket: Socket, { host, port }: Target) {
    this.#socket = socket;
    this.info = { peer: `${host}:${port}`, isSecure: false };
    socket.on('error', (error) => (this.#lost = error));
    socket.on('close', () => {
      this.#isGone = true;
      this.#tellClosed();
    });
  }

  start(sink: ConnectionSink): void {
    this.#sink = sink;
    this.#socket.on('drain', () => sink.drained());
    this.#socket.on('data', (chunk: Uint8Array) => {
      if (!this.#isPaused) sink.bytes(chunk);
    });
    if (this.#isGone) this.#tellClosed();
  }

  write(bytes: Uint8Array): boolean {
    return this.#socket.writable && this.#socket.write(bytes);
  }

  pause(): void {
    this.#isPaused = true;
    if (!this.#isClosing) this.#socket.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#socket.resume();
  }

  close(): Promise<void> {
    this.#isClosing = true;
    this.#socket.end();
    // What is not read would hide the end of the peer.
    this.#socket.resume();
    if (this.#isGone) return Promise.resolve();
    return new Promise((resolve) => this.#socket.once('close', () => resolve()));
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #tellClosed(): void {
    this.#sink?.closed(this.#lost === undefined ? undefined : transportError('connection-lost'));
  }
}
