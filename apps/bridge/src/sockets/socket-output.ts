/**
 * The writing end of a WebSocket: how much waits there, and a farewell that always ends. A page that does not read gets
 * nothing more than its budget, and is not read from either until it does.
 */
import type { WebSocket } from 'ws';
import type { LongLived } from '../events/stream-registry.ts';
import type { ByeReason } from '../events/stream-output.ts';

const FAREWELL_MS = 2000;
const RETRY_MS = 3000;
/** By RFC 6455: going away, and a violation of policy. */
const closeCodes: Readonly<Record<ByeReason, number>> = {
  draining: 1001,
  'max-age': 1001,
  'token-expired': 1008,
  'too-slow': 1008,
  'session-taken-over': 1008,
};

export class SocketOutput implements LongLived {
  readonly #socket: WebSocket;
  readonly #limitBytes: number;
  readonly #drainListeners = new Set<() => void>();
  #isOver = false;
  #fullSince: number | undefined;
  #lastBeatAt = Date.now();
  /** The last ping was not answered yet. */
  #isAsking = false;

  constructor(socket: WebSocket, limitBytes: number) {
    this.#socket = socket;
    this.#limitBytes = limitBytes;
    socket.on('pong', () => {
      this.#isAsking = false;
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      this.#isOver = true;
    });
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Nothing more should be begun for this page. */
  get isFull(): boolean {
    return this.#socket.bufferedAmount > this.#limitBytes;
  }

  get waitingBytes(): number {
    return this.#socket.bufferedAmount;
  }

  get fullForMs(): number {
    return this.#fullSince === undefined ? 0 : Date.now() - this.#fullSince;
  }

  hasRoom(bytes: number): boolean {
    const waiting = this.#socket.bufferedAmount;
    const fits = waiting === 0 || waiting + bytes <= this.#limitBytes;
    if (!fits) this.#fullSince ??= Date.now();
    return fits;
  }

  write(frame: Buffer): void {
    if (this.#isOver) return;
    this.#socket.send(frame, { binary: false }, () => this.#flushed());
    if (this.isFull) this.#fullSince ??= Date.now();
  }

  onDrain(listener: () => void): () => void {
    this.#drainListeners.add(listener);
    return () => this.#drainListeners.delete(listener);
  }

  onClose(listener: () => void): void {
    this.#socket.once('close', listener);
  }

  /** A page that has not answered the last ping is gone. */
  beat(intervalMs: number): void {
    if (Date.now() - this.#lastBeatAt < intervalMs) return;
    if (this.#isAsking) {
      this.#socket.terminate();
      return;
    }
    this.#lastBeatAt = Date.now();
    this.#isAsking = true;
    this.#socket.ping();
  }

  bye(reason: ByeReason): void {
    if (this.#isOver) return;
    // A thousand pages must not come back at once.
    const reconnectAfterMs = Math.round(RETRY_MS * (0.5 + Math.random()));
    this.write(Buffer.from(JSON.stringify({ type: 'bye', reason, reconnectAfterMs })));
    this.#isOver = true;
    this.#socket.close(closeCodes[reason], reason);
    setTimeout(() => this.#socket.terminate(), FAREWELL_MS).unref();
  }

  #flushed(): void {
    if (this.#socket.bufferedAmount > this.#limitBytes / 2) return;
    this.#fullSince = undefined;
    for (const listener of this.#drainListeners) listener();
  }
}
