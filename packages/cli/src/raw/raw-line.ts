/** A connection packet by packet, for what no client would do: looking into sessions, and tests of brokers. */
import { encode, PacketStream, type Packet, type PacketType, type ProtocolVersion } from '@omqtt/codec';
import type { Connection, Dial, Target } from '@omqtt/contracts';

/** What went over the line, in its order. */
export interface TracedBytes {
  readonly direction: 'c2s' | 's2c';
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** More than any check needs; a peer that floods is cut off. */
const MOST_TRACED = 1000;
const MOST_WAITING = 100_000;

export class RawLine {
  readonly trace: TracedBytes[] = [];
  readonly info: Connection['info'];
  readonly #connection: Connection;
  readonly #version: ProtocolVersion;
  readonly #stream: PacketStream;
  readonly #packets: Packet[] = [];
  #isClosed = false;
  #wake: (() => void) | undefined;

  constructor(connection: Connection, version: ProtocolVersion) {
    this.#connection = connection;
    this.info = connection.info;
    this.#version = version;
    this.#stream = new PacketStream({ version, role: 'client' });
    connection.start({
      bytes: (chunk) => this.#take(chunk),
      drained: () => undefined,
      closed: () => this.#end(),
    });
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  send(packet: Packet): void {
    this.sendBytes(encode(packet, this.#version));
  }

  sendBytes(bytes: Uint8Array): void {
    if (this.trace.length < MOST_TRACED) this.trace.push({ direction: 'c2s', at: Date.now(), bytes });
    this.#connection.write(bytes);
  }

  /** The next packet, of the types if some are named; nothing when the line ends or the time is over. */
  async next<Type extends PacketType>(
    timeoutMs: number,
    ...types: readonly Type[]
  ): Promise<Extract<Packet, { readonly type: Type }> | undefined> {
    const wanted: readonly PacketType[] = types;
    const deadline = performance.now() + timeoutMs;
    for (let left = timeoutMs; ; left = deadline - performance.now()) {
      const index = this.#packets.findIndex(({ type }) => wanted.length === 0 || wanted.includes(type));
      const [found] = index === -1 ? [] : this.#packets.splice(index, 1);
      if (found !== undefined) return found as Extract<Packet, { readonly type: Type }>;
      if (this.#isClosed || left <= 0) return undefined;
      await this.#news(left);
    }
  }

  /** Whether the peer ends the line in this time. */
  async ends(timeoutMs: number): Promise<boolean> {
    const deadline = performance.now() + timeoutMs;
    for (let left = timeoutMs; !this.#isClosed && left > 0; left = deadline - performance.now()) await this.#news(left);
    return this.#isClosed;
  }

  /** Says goodbye and ends. */
  async close(): Promise<void> {
    if (!this.#isClosed) this.send({ type: 'disconnect', reasonCode: 0 });
    await this.#connection.close();
  }

  /** Says goodbye without waiting for it; who waits for packets gets none any more. */
  stop(): void {
    const closing = this.close();
    this.#end();
    closing.catch(() => undefined);
  }

  destroy(): void {
    this.#connection.destroy();
  }

  #news(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(done, timeoutMs);
      this.#wake = done;
    });
  }

  #take(chunk: Uint8Array): void {
    if (this.trace.length < MOST_TRACED) this.trace.push({ direction: 's2c', at: Date.now(), bytes: chunk });
    try {
      this.#packets.push(...this.#stream.push(chunk));
    } catch {
      this.#connection.destroy();
    }
    if (this.#packets.length > MOST_WAITING) this.#connection.destroy();
    this.#wake?.();
  }

  #end(): void {
    this.#isClosed = true;
    this.#wake?.();
  }
}

/** The transport for the scheme of the target, as the client has it. */
export async function dialRaw(target: Target, version: ProtocolVersion, signal: AbortSignal): Promise<RawLine> {
  return new RawLine(await (await transportFor(target.scheme))(target, signal), version);
}

async function transportFor(scheme: string): Promise<Dial> {
  if (!/^wss?$/.test(scheme)) return (await import('@omqtt/transport-tcp')).tcp();
  const [{ webSocket }, { dialSocket }] = await Promise.all([
    import('@omqtt/transport-ws'),
    import('@omqtt/transport-tcp/socket'),
  ]);
  return webSocket({
    dialSocket: ({ host, port, proxy, localAddress }, signal) => {
      const way = { ...(proxy !== undefined && { proxy }), ...(localAddress !== undefined && { localAddress }) };
      return dialSocket({ host, port, ...way }, {}, signal);
    },
  });
}
