/** One end of a connection in memory. */
import type { Connection, ConnectionInfo, ConnectionSink, TransportError } from '@omqtt/contracts';
import type { MemoryLink } from './memory-link.ts';
import type { MemoryPipe } from './memory-pipe.ts';
import { transportError } from './transport-failure.ts';

export interface MemoryConnection extends Connection {
  /** What lies between the two ends, to disturb it. */
  readonly link: MemoryLink;
}

export class MemoryEnd implements MemoryConnection {
  readonly info: ConnectionInfo;
  readonly link: MemoryLink;
  readonly #outgoing: () => MemoryPipe;
  readonly #incoming: () => MemoryPipe;
  #sink: ConnectionSink | undefined;
  #isPaused = false;
  #isClosing = false;
  #isFinished = false;
  /** Whether the sink knows. */
  #isTold = false;
  #error: TransportError | undefined;
  readonly #waitingForEnd: (() => void)[] = [];

  // The pipes of a link know its ends and its ends know the pipes, so one of them comes later.
  constructor(link: MemoryLink, info: ConnectionInfo, pipes: { outgoing(): MemoryPipe; incoming(): MemoryPipe }) {
    this.link = link;
    this.info = info;
    this.#outgoing = () => pipes.outgoing();
    this.#incoming = () => pipes.incoming();
  }

  get isFinished(): boolean {
    return this.#isFinished;
  }

  get canDeliver(): boolean {
    if (this.#isFinished) return false;
    return this.#isClosing || this.#isReading;
  }

  start(sink: ConnectionSink): void {
    this.#sink = sink;
    if (this.#isFinished) this.#tellClosed();
    else this.#incoming().flow();
  }

  write(bytes: Uint8Array): boolean {
    if (this.#isClosing || this.#isFinished) return false;
    return this.#outgoing().write(bytes);
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#incoming().flow();
  }

  close(): Promise<void> {
    this.#isClosing = true;
    this.#outgoing().end();
    this.#incoming().flow();
    if (this.#isFinished) return Promise.resolve();
    return new Promise((resolve) => this.#waitingForEnd.push(resolve));
  }

  destroy(): void {
    if (this.#isFinished) return;
    this.#outgoing().reset();
    this.#incoming().discard();
    this.finish();
  }

  get #isReading(): boolean {
    return this.#sink !== undefined && !this.#isPaused;
  }

  /** What nobody reads any more is dropped, so that the end behind it is seen. */
  deliver(chunk: Uint8Array): void {
    if (this.#isReading) this.#sink?.bytes(chunk);
  }

  drained(): void {
    if (!this.#isFinished && !this.#isClosing) this.#sink?.drained();
  }

  /** The other end has ended in order: so does this one, after what it has written. */
  ended(): void {
    this.#outgoing().end();
    this.finish();
  }

  reset(): void {
    this.#outgoing().discard();
    this.finish(transportError('connection-lost', 'The other end has reset the connection'));
  }

  finish(error?: TransportError): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    this.#error = error;
    this.#tellClosed();
  }

  #tellClosed(): void {
    queueMicrotask(() => {
      if (this.#sink !== undefined && !this.#isTold) {
        this.#isTold = true;
        this.#sink.closed(this.#error);
      }
      for (const resolve of this.#waitingForEnd.splice(0)) resolve();
    });
  }
}
