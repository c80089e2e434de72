/** Reads what a proxy says before its tunnel is open, and leaves in the socket what comes after that. */
import type { Socket } from 'node:net';
import { waitFor, type Step } from './awaiting-socket.ts';

export class ProxyReader {
  readonly #socket: Socket;
  readonly #step: Step;
  #held: Buffer = Buffer.alloc(0);

  constructor(socket: Socket, step: Step) {
    this.#socket = socket;
    this.#step = step;
  }

  async take(count: number): Promise<Buffer> {
    while (this.#held.length < count) await this.#readMore();
    return this.#cut(count);
  }

  /** Up to and with the mark; undefined when it is not among the first `limit` bytes. */
  async takeThrough(mark: string, limit: number): Promise<Buffer | undefined> {
    let end = -1;
    while ((end = this.#held.indexOf(mark)) < 0 && this.#held.length < limit) await this.#readMore();
    return end < 0 || end + mark.length > limit ? undefined : this.#cut(end + mark.length);
  }

  /** The first bytes of the tunnel may have come together with the last ones of the proxy. */
  giveBack(): void {
    if (this.#held.length > 0) this.#socket.unshift(this.#cut(this.#held.length));
  }

  #cut(count: number): Buffer {
    const taken = this.#held.subarray(0, count);
    this.#held = this.#held.subarray(count);
    return taken;
  }

  async #readMore(): Promise<void> {
    let chunk: Buffer | null = null;
    while ((chunk = this.#socket.read() as Buffer | null) === null) {
      await waitFor('readable', this.#socket, this.#step);
    }
    this.#held = Buffer.concat([this.#held, chunk]);
  }
}
