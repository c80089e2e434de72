/** What one subscription of a socket writes: with its id, so that the page knows whose it is. */
import type { ReaderOutput } from '../events/live-reader.ts';
import type { FrameId } from './socket-frames.ts';
import type { SocketOutput } from './socket-output.ts';

export class SubscriptionOutput implements ReaderOutput {
  readonly #output: SocketOutput;
  /** Takes the place of the brace that each frame begins with. */
  readonly #prefix: Buffer;
  #stopListening: () => void = ignore;
  #closeListener: () => void = ignore;
  #isClosed = false;

  constructor(output: SocketOutput, id: FrameId) {
    this.#output = output;
    this.#prefix = Buffer.from(`{"sub":${JSON.stringify(id)},`);
  }

  get isOver(): boolean {
    return this.#isClosed || this.#output.isOver;
  }

  hasRoom(bytes: number): boolean {
    return this.#output.hasRoom(bytes + this.#prefix.length);
  }

  write(frame: Buffer): void {
    if (!this.isOver) this.#output.write(Buffer.concat([this.#prefix, frame.subarray(1)]));
  }

  onDrain(listener: () => void): void {
    this.#stopListening = this.#output.onDrain(listener);
  }

  onClose(listener: () => void): void {
    this.#closeListener = listener;
  }

  bye(reason: 'too-slow'): void {
    this.#output.bye(reason);
  }

  /** The socket goes on without it. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#stopListening();
    this.#closeListener();
  }
}

function ignore(): void {
  // Nobody has asked.
}
