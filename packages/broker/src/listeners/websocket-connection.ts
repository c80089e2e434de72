/** A connection over a WebSocket: the only file that knows the events of `ws`. */
import type { Connection, ConnectionInfo, ConnectionSink } from '@omqtt/contracts';
import type { RawData, WebSocket } from 'ws';
import { END_TIMEOUT_MS } from './listening.ts';

/** From so many unsent bytes on, the broker is asked to hold. */
const HIGH_WATER_BYTES = 65_536;
export class WebSocketConnection implements Connection {
  readonly info: ConnectionInfo;
  readonly #socket: WebSocket;
  #sink: ConnectionSink | undefined;
  #isStalled = false;
  #isOver = false;
  #isGone = false;
  readonly #waiting: (() => void)[] = [];

  constructor(socket: WebSocket, info: ConnectionInfo) {
    this.#socket = socket;
    this.info = info;
  }

  listen(): void {
    this.#socket
      .on('error', () => this.#socket.terminate())
      .on('close', () => this.#tellClosed())
      .on('message', (data: RawData, isBinary: boolean) => this.#receive(data as Buffer, isBinary));
    this.#socket.pause();
  }

  start(sink: ConnectionSink): void {
    this.#sink = sink;
    if (this.#isGone) queueMicrotask(() => sink.closed());
    else this.#socket.resume();
  }

  write(bytes: Uint8Array): boolean {
    if (this.#isOver || this.#isGone) return true;
    this.#socket.send(bytes, () => this.#flushed());
    if (this.#socket.bufferedAmount > HIGH_WATER_BYTES) this.#isStalled = true;
    return !this.#isStalled;
  }

  pause(): void {
    if (!this.#isOver) this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): Promise<void> {
    if (this.#isGone) return Promise.resolve();
    if (!this.#isOver) {
      this.#isOver = true;
      this.#socket.resume();
      this.#socket.close(1000);
      setTimeout(() => this.#socket.terminate(), END_TIMEOUT_MS).unref();
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  destroy(): void {
    this.#isOver = true;
    this.#socket.terminate();
  }

  /** MQTT is binary; anything else ends the connection [MQTT-6.0.0-1]. */
  #receive(data: Buffer, isBinary: boolean): void {
    if (this.#isOver) return;
    if (isBinary) {
      this.#sink?.bytes(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      return;
    }
    this.#isOver = true;
    this.#socket.close(1003, 'MQTT is binary');
    setTimeout(() => this.#socket.terminate(), END_TIMEOUT_MS).unref();
  }

  #flushed(): void {
    if (!this.#isStalled || this.#isOver || this.#socket.bufferedAmount > HIGH_WATER_BYTES / 2) return;
    this.#isStalled = false;
    this.#sink?.drained();
  }

  #tellClosed(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#isOver = true;
    this.#sink?.closed();
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
