/** A connection over a socket of Node: the only file that knows the events of an open socket. */
import type { Socket } from 'node:net';
import type { Connection, ConnectionInfo, ConnectionSink } from '@omqtt/contracts';
import { explainLoss } from './dial-failures.ts';
import { SocketError } from './socket-error.ts';

export interface ConnectionFacts {
  readonly info: ConnectionInfo;
  /** How long the peer may take to end after this side has. */
  readonly closeTimeoutMs: number;
}

/** Takes over a connected socket that nobody reads yet. */
export function connectionOver(socket: Socket, facts: ConnectionFacts): Connection {
  const connection = new SocketConnection(socket, facts);
  connection.listen();
  return connection;
}

/** More than this is worth a call of its own. */
const SMALL_BYTES = 4096;

class SocketConnection implements Connection {
  readonly info: ConnectionInfo;
  readonly #socket: Socket;
  readonly #closeTimeoutMs: number;
  #sink: ConnectionSink | undefined;
  #isPaused = false;
  /** This side has ended it: nothing more is taken, and nothing more handed over. */
  #isOver = false;
  #isGone = false;
  #isGathering = false;
  #owesDrained = false;
  #failure: SocketError | undefined;
  #timer: NodeJS.Timeout | undefined;
  #waiting: readonly (() => void)[] | undefined;

  constructor(socket: Socket, { info, closeTimeoutMs }: ConnectionFacts) {
    this.info = info;
    this.#socket = socket;
    this.#closeTimeoutMs = closeTimeoutMs;
  }

  listen(): void {
    this.#socket
      .on('drain', () => this.#tellDrained())
      .on('error', (error) => this.#fail(error))
      .on('end', () => this.#limitTheEnd())
      .on('close', () => this.#tellClosed());
    // It can be gone before anybody listened.
    if (this.#socket.errored) this.#fail(this.#socket.errored);
    if (this.#socket.closed) this.#tellClosed();
  }

  start(sink: ConnectionSink): void {
    if (this.#sink) throw new Error('A connection is started once.');
    this.#sink = sink;
    this.#socket.on('data', (chunk: Buffer) => this.#tellBytes(chunk));
    if (!this.#isPaused && !this.#isOver) this.#socket.resume();
    // Not before the caller knows that it has started.
    queueMicrotask(() => {
      if (this.#isGone) sink.closed(this.#failure);
      else if (this.#owesDrained) this.#tellDrained();
    });
  }

  write(bytes: Uint8Array): boolean {
    // The peer may have ended it, and the sink not know yet.
    if (this.#isOver || !this.#socket.writable) return true;
    if (bytes.length < SMALL_BYTES && !this.#isGathering) this.#gather();
    return this.#socket.write(bytes);
  }

  // What is written before the present turn has ended leaves in one call of the system, which costs more than all the
  // rest of a small message. A turn that goes on and on is ended by the limit of the buffer: `write` says false then.
  #gather(): void {
    this.#isGathering = true;
    this.#socket.cork();
    process.nextTick(() => {
      this.#isGathering = false;
      this.#socket.uncork();
    });
  }

  pause(): void {
    this.#isPaused = true;
    if (!this.#isOver) this.#socket.pause();
  }

  resume(): void {
    this.#isPaused = false;
    if (this.#sink && !this.#isOver) this.#socket.resume();
  }

  close(): Promise<void> {
    if (this.#isGone) return Promise.resolve();
    if (!this.#isOver) {
      this.#isOver = true;
      this.#socket.end();
      // The end of the peer comes behind all that it sent, which nobody wants any more.
      this.#socket.resume();
      this.#limitTheEnd();
    }
    return new Promise((resolve) => {
      this.#waiting = [...(this.#waiting ?? []), resolve];
    });
  }

  destroy(): void {
    this.#isOver = true;
    this.#socket.destroy();
  }

  unref(): void {
    this.#socket.unref();
  }

  /** The peer may never read, or never end. The timer does not keep the process alive, the socket does. */
  #limitTheEnd(): void {
    this.#timer ??= setTimeout(() => this.#giveUp(), this.#closeTimeoutMs).unref();
  }

  #giveUp(): void {
    if (this.#isOver && !this.#socket.writableFinished) {
      const message = `${this.info.peer} did not take what was written within ${this.#closeTimeoutMs} ms of closing; it is lost.`;
      this.#failure ??= new SocketError({ code: 'connection-lost', phase: 'open', retryable: true, message });
    }
    this.#socket.destroy();
  }

  #tellBytes(chunk: Buffer): void {
    // A plain view: a Buffer has its own `slice`, which would surprise whoever expects a Uint8Array.
    if (!this.#isOver) this.#sink?.bytes(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
  }

  #tellDrained(): void {
    this.#owesDrained = !this.#sink;
    if (!this.#isOver) this.#sink?.drained();
  }

  #fail(error: Error): void {
    // Many peers answer an end with a reset. When all was sent before, nothing is lost.
    if (this.#isOver && this.#socket.writableFinished) return;
    this.#failure ??= explainLoss(this.info.peer, error);
  }

  #tellClosed(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#sink?.closed(this.#failure);
    for (const resolve of this.#waiting ?? []) resolve();
    this.#waiting = undefined;
  }
}
