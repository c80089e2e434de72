/** Two ends of a connection that never leaves the process. Each end hears of the other in a later turn. */
import type { Connection, ConnectionInfo, ConnectionSink, TransportError } from '@omqtt/contracts';

/** From so many bytes on the way on, the writer is asked to hold. */
const HOLD_AT_BYTES = 65_536;

export function memoryPair(client: ConnectionInfo, server: ConnectionInfo): { client: Connection; server: Connection } {
  const ends = { client: new MemoryEnd(client), server: new MemoryEnd(server) };
  ends.client.join(ends.server);
  ends.server.join(ends.client);
  return ends;
}

class MemoryEnd implements Connection {
  readonly info: ConnectionInfo;
  #other: MemoryEnd | undefined;
  #sink: ConnectionSink | undefined;
  /** What came and was not handed over. */
  #inbox: Uint8Array[] = [];
  #inboxBytes = 0;
  #isPaused = false;
  /** The other end has written all it will. */
  #isEnded = false;
  /** This side has ended it: nothing more is taken, and nothing more handed over. */
  #isOver = false;
  #isGone = false;
  #isScheduled = false;
  #owesDrained = false;
  #error: TransportError | undefined;
  readonly #waiting: (() => void)[] = [];

  constructor(info: ConnectionInfo) {
    this.info = info;
  }

  join(other: MemoryEnd): void {
    this.#other = other;
  }

  start(sink: ConnectionSink): void {
    this.#sink = sink;
    this.#schedule();
  }

  write(bytes: Uint8Array): boolean {
    if (this.#isOver || this.#isGone) return true;
    return this.#other?.take(bytes, this) ?? true;
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#schedule();
  }

  close(): Promise<void> {
    this.#isOver = true;
    this.#other?.ended();
    this.#schedule();
    if (this.#isGone) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  destroy(): void {
    if (this.#isGone) return;
    this.#isOver = true;
    this.#other?.reset();
    this.#schedule();
  }

  /** A copy, because the bytes belong to whoever gets them, and the broker writes the same ones to many. */
  take(bytes: Uint8Array, writer: MemoryEnd): boolean {
    if (this.#isOver || this.#isGone) return true;
    this.#inbox.push(bytes.slice());
    this.#inboxBytes += bytes.length;
    this.#schedule();
    if (this.#inboxBytes < HOLD_AT_BYTES) return true;
    writer.#owesDrained = true;
    return false;
  }

  ended(): void {
    this.#isEnded = true;
    this.#schedule();
  }

  /** What was on the way is lost; who has ended it anyway hears of no error. */
  reset(): void {
    if (this.#isOver || this.#isGone) return;
    this.#error = lost();
    this.#inbox = [];
    this.#inboxBytes = 0;
    this.ended();
  }

  get #isReading(): boolean {
    return this.#sink !== undefined && !this.#isPaused && !this.#isOver;
  }

  #schedule(): void {
    if (this.#isScheduled || this.#isGone) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#deliver();
    });
  }

  #deliver(): void {
    if (this.#isOver) {
      this.#inbox = [];
      this.#inboxBytes = 0;
    }
    // What the sink causes in here comes in the next turn.
    for (let left = this.#inbox.length; left > 0 && this.#isReading; left -= 1) {
      const chunk = this.#inbox.shift();
      this.#inboxBytes -= chunk?.length ?? 0;
      if (chunk) this.#sink?.bytes(chunk);
    }
    if (this.#inboxBytes < HOLD_AT_BYTES) this.#other?.roomAgain();
    if (this.#isOver || (this.#isEnded && this.#inbox.length === 0)) this.#finish();
    else if (this.#inbox.length > 0 && this.#isReading) this.#schedule();
  }

  roomAgain(): void {
    if (!this.#owesDrained) return;
    this.#owesDrained = false;
    if (!this.#isOver && !this.#isGone) this.#sink?.drained();
  }

  #finish(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#isOver = true;
    this.#other?.ended();
    this.#sink?.closed(this.#error);
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

function lost(): TransportError {
  const error = new Error('The other end has reset the connection');
  return Object.assign(error, { code: 'connection-lost', phase: 'open', retryable: true } as const);
}
