/** A leg over a WebSocket. It has no half-close: after a close frame neither side may send. */
import type { RawData, WebSocket } from 'ws';
import { HIGH_WATER_BYTES, type Leg, type LegSink } from './leg.ts';

/** The largest packet of MQTT, and what may be around it. */
export const LARGEST_MESSAGE_BYTES: number = 268_435_460 + 65_536;
const NORMAL_CLOSURE = 1000;
const UNSUPPORTED_DATA = 1003;

export class WebSocketLeg implements Leg {
  readonly peer: string;
  readonly #socket: WebSocket;
  #sink: LegSink | undefined;
  #isStalled = false;
  #isReset = false;

  constructor(socket: WebSocket, peer: string) {
    this.#socket = socket;
    this.peer = peer;
    socket.on('error', () => {
      this.#isReset = true;
      socket.terminate();
    });
    socket.pause();
  }

  start(sink: LegSink): void {
    this.#sink = sink;
    const socket = this.#socket;
    if (socket.readyState === socket.CLOSED) {
      queueMicrotask(() => sink.closed(this.#isReset ? 'reset' : 'clean'));
      return;
    }
    socket
      .on('message', (data: RawData, isBinary: boolean) => this.#receive(data as Buffer, isBinary))
      .on('close', (code) => {
        // 1006: it ended without a close frame.
        const isClean = !this.#isReset && code !== 1006;
        if (isClean) sink.ended();
        sink.closed(isClean ? 'clean' : 'reset');
      });
    socket.resume();
  }

  write(bytes: Uint8Array): boolean {
    if (this.#socket.readyState !== this.#socket.OPEN) return true;
    this.#socket.send(bytes, () => this.#flushed());
    if (this.#socket.bufferedAmount > HIGH_WATER_BYTES) this.#isStalled = true;
    return !this.#isStalled;
  }

  get hasSentAll(): boolean {
    return this.#socket.bufferedAmount === 0;
  }

  /** Messages may share a buffer. */
  free(): void {}

  end(): void {
    this.#socket.close(NORMAL_CLOSURE);
  }

  reset(): void {
    this.#isReset = true;
    this.#socket.terminate();
  }

  pause(): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  #receive(data: Buffer, isBinary: boolean): void {
    if (isBinary) this.#sink?.bytes(data);
    // [MQTT-6.0.0-1] There is no way to pass a text message on to TCP.
    else this.#socket.close(UNSUPPORTED_DATA, 'MQTT is binary');
  }

  #flushed(): void {
    if (!this.#isStalled || this.#socket.bufferedAmount > HIGH_WATER_BYTES / 2) return;
    this.#isStalled = false;
    this.#sink?.drained();
  }
}
