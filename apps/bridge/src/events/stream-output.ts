/** The writing end of one stream: how much waits there, and a farewell that always ends. */
import type { ServerResponse } from 'node:http';
import { HEARTBEAT, jsonFrame, retryFrame } from './sse-frame.ts';

export type ByeReason = 'draining' | 'max-age' | 'token-expired' | 'too-slow' | 'session-taken-over';

const FAREWELL_MS = 2000;
const RETRY_MS = 3000;

export class StreamOutput {
  readonly #response: ServerResponse;
  readonly #limitBytes: number;
  #lastWriteAt = Date.now();
  #isOver = false;
  #fullSince: number | undefined;

  constructor(response: ServerResponse, limitBytes: number) {
    this.#response = response;
    this.#limitBytes = limitBytes;
  }

  /** Sends the head. The body ends with the connection: no bytes around each event. */
  open(headers: Readonly<Record<string, string | number>>): void {
    this.#response.useChunkedEncodingByDefault = false;
    this.#response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
      connection: 'close',
      ...headers,
    });
    this.write(retryFrame(jittered(RETRY_MS)));
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Whether this much fits before the reader is too far behind. */
  hasRoom(bytes: number): boolean {
    const { writableLength, writableNeedDrain } = this.#response;
    // What does not fit is tried again at `drain`, so where none will come it has to fit.
    const fits = !writableNeedDrain || writableLength + bytes <= this.#limitBytes;
    if (fits) this.#fullSince = undefined;
    else this.#fullSince ??= Date.now();
    return fits;
  }

  /** How long nothing has fitted. */
  get fullForMs(): number {
    return this.#fullSince === undefined || this.#response.writableLength === 0 ? 0 : Date.now() - this.#fullSince;
  }

  get waitingBytes(): number {
    return this.#response.writableLength;
  }

  /** `sent`: it has left for the network. */
  write(frame: Buffer, sent?: (error: Error | null | undefined) => void): void {
    if (this.#isOver) return;
    this.#lastWriteAt = Date.now();
    this.#response.write(frame, sent);
  }

  /** Resolves when there is room again, or never will be. */
  drained(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#response.off('drain', done).off('close', done);
        resolve();
      };
      this.#response.on('drain', done).on('close', done);
    });
  }

  /** Shows intermediaries, and the system, that someone is here. */
  beat(intervalMs: number): void {
    if (Date.now() - this.#lastWriteAt >= intervalMs && this.#response.writableLength === 0) this.write(HEARTBEAT);
  }

  onDrain(listener: () => void): void {
    this.#response.on('drain', listener);
  }

  onClose(listener: () => void): void {
    this.#response.on('close', () => {
      this.#isOver = true;
      listener();
    });
  }

  /** Says why, and when to come back; who does not read it is cut off. */
  bye(reason: ByeReason): void {
    if (this.#isOver) return;
    const reconnectAfterMs = Math.round(jittered(RETRY_MS));
    this.write(retryFrame(reconnectAfterMs));
    this.write(jsonFrame('bye', { reason, reconnectAfterMs }));
    this.#isOver = true;
    this.#response.end();
    setTimeout(() => this.#response.destroy(), FAREWELL_MS).unref();
  }
}

/** 50 to 150 %: a thousand readers must not come back at once. */
function jittered(value: number): number {
  return value * (0.5 + Math.random());
}
