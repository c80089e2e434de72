/** A connection over a WebSocket: the only file that knows the events of `ws`. */
import type { Connection, ConnectionInfo, ConnectionSink } from '@omqtt/contracts';
import type { RawData, WebSocket } from 'ws';
import { ConnectionEnd } from './connection-end.ts';

/** From so many unsent bytes on, the broker is asked to hold. */
const HIGH_WATER_BYTES = 65_536;

export class WebSocketConnection implements Connection {
  readonly info: ConnectionInfo;
  readonly #socket: WebSocket;
  readonly #end: ConnectionEnd;
  #sink: ConnectionSink | undefined;
  #isStalled = false;

  constructor(socket: WebSocket, info: ConnectionInfo) {
    this.#socket = socket;
    this.info = info;
    this.#end = new ConnectionEnd(() => socket.terminate());
  }

  listen(): void {
    this.#socket
      .on('error', () => this.#socket.terminate())
      .on('close', () => this.#end.reached(this.#sink))
      .on('message', (data: RawData, isBinary: boolean) => this.#receive(data as Buffer, isBinary));
    this.#socket.pause();
  }

  start(sink: ConnectionSink): void {
    this.#sink = sink;
    if (this.#end.isReached) queueMicrotask(() => sink.closed());
    else this.#socket.resume();
  }

  write(bytes: Uint8Array): boolean {
    if (this.#end.isBegun) return true;
    this.#socket.send(bytes, () => this.#flushed());
    if (this.#socket.bufferedAmount > HIGH_WATER_BYTES) this.#isStalled = true;
    return !this.#isStalled;
  }

  pause(): void {
    if (!this.#end.isBegun) this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): Promise<void> {
    this.#end.begin(() => {
      this.#socket.resume();
      this.#socket.close(1000);
    });
    return this.#end.wait();
  }

  destroy(): void {
    this.#end.atOnce();
  }

  /** MQTT is binary; anything else ends the connection [MQTT-6.0.0-1]. */
  #receive(data: Buffer, isBinary: boolean): void {
    if (this.#end.isBegun) return;
    if (isBinary) {
      this.#sink?.bytes(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      return;
    }
    this.#end.begin(() => this.#socket.close(1003, 'MQTT is binary'));
  }

  #flushed(): void {
    if (!this.#isStalled || this.#end.isBegun || this.#socket.bufferedAmount > HIGH_WATER_BYTES / 2) return;
    this.#isStalled = false;
    this.#sink?.drained();
  }
}
