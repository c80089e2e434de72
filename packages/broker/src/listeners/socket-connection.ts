/** A connection over a socket of Node: the only file that knows the events of one. */
import type { Socket } from 'node:net';
import type { Connection, ConnectionInfo, ConnectionSink } from '@omqtt/contracts';
import { ConnectionEnd } from './connection-end.ts';

export class SocketConnection implements Connection {
  readonly info: ConnectionInfo;
  readonly #socket: Socket;
  readonly #end: ConnectionEnd;
  #sink: ConnectionSink | undefined;

  constructor(socket: Socket, info: ConnectionInfo) {
    this.#socket = socket;
    this.info = info;
    this.#end = new ConnectionEnd(() => socket.destroy());
  }

  /** Errors are followed by `close`, which is what counts; without a listener they would end the process. */
  listen(): void {
    this.#socket
      .setNoDelay(true)
      .on('error', () => this.#socket.destroy())
      .on('drain', () => this.#tellDrained())
      .on('close', () => this.#end.reached(this.#sink));
  }

  start(sink: ConnectionSink): void {
    this.#sink = sink;
    this.#socket.on('data', (chunk: Buffer) => {
      if (!this.#end.isBegun) sink.bytes(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    });
    if (this.#end.isReached) queueMicrotask(() => sink.closed());
  }

  write(bytes: Uint8Array): boolean {
    if (this.#end.isBegun || !this.#socket.writable) return true;
    return this.#socket.write(bytes);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): Promise<void> {
    this.#end.begin(() => {
      this.#socket.end();
      // The end of the client comes behind all that it sent.
      this.#socket.resume();
    });
    return this.#end.wait();
  }

  destroy(): void {
    this.#end.atOnce();
  }

  #tellDrained(): void {
    if (!this.#end.isBegun) this.#sink?.drained();
  }
}
