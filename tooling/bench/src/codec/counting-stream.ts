/** Counts the bytes written to it, and is as much of a stream as mqtt-packet asks for. */
export class CountingStream {
  bytes = 0;
  /** Errors that mqtt-packet reported by destroying the stream. */
  error: Error | undefined;
  #corks = 0;

  write(chunk: Uint8Array | string): boolean {
    this.bytes += typeof chunk === 'string' ? Buffer.byteLength(chunk) : chunk.length;
    return true;
  }

  cork(): void {
    this.#corks += 1;
  }

  uncork(): void {
    this.#corks -= 1;
  }

  destroy(error: Error): void {
    this.error = error;
  }

  /** What a socket would have sent by now: nothing while it is corked. */
  get sentBytes(): number {
    return this.#corks === 0 ? this.bytes : 0;
  }
}
