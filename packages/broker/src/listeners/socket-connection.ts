/** A connection over a socket of Node: the only file that knows the events of one. */
import type { Socket } from 'node:net';
import type { Connection, ConnectionInfo, ConnectionSink } from '@omqtt/contracts';
import { END_TIMEOUT_MS } from './listening.ts';

export class SocketConnection implements Connection {
  readonly info: ConnectionInfo;
  readonly #socket: Socket;
  #sink: ConnectionSink | undefined;
  #isOver = false;
  #isGone = false;
  readonly #waiting: (() => void)[] = [];

  constructor(socket: Socket, info: ConnectionInfo) {
    this.#socket = socket;
    this.info = info;
  }

  /** Errors are followed by `close`, which is what counts; without a listener they would end the process. */
  listen(): void {
    this.#socket
      .setNoDelay(true)
      .on('error', () => this.#socket.destroy())
      .on('drain', () => this.#tellDrained())
      .on('close', () => this.#tellClosed());
  }

  start(sink: ConnectionSink): void {
    this.#sink = sink;
    this.#socket.on('data', (chunk: Buffer) => {
      if (!this.#isOver) sink.bytes(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    });
    if (this.#isGone) queueMicrotask(() => sink.closed());
  }

  write(bytes: Uint8Array): boolean {
    if (this.#isOver || !this.#socket.writable) return true;
    return this.#socket.write(bytes);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): Promise<void> {
    if (this.#isGone) return Promise.resolve();
    if (!this.#isOver) {
      this.#isOver = true;
      this.#socket.end();
      // The end of the client comes behind all that it sent.
      this.#socket.resume();
      setTimeout(() => this.#socket.destroy(), END_TIMEOUT_MS).unref();
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  destroy(): void {
    this.#isOver = true;
    this.#socket.destroy();
  }

  #tellDrained(): void {
    if (!this.#isOver) this.#sink?.drained();
  }

  #tellClosed(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#isOver = true;
    this.#sink?.closed();
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
