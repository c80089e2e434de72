/** Chunks that came while nobody took them, in their order. */
export class InboundQueue {
  readonly #maximumBytes: number;
  #chunks: Uint8Array[] = [];
  #first = 0;
  #bytes = 0;

  constructor(maximumBytes: number) {
    this.#maximumBytes = maximumBytes;
  }

  get isEmpty(): boolean {
    return this.#first === this.#chunks.length;
  }

  /** False when it is full: the chunk is not taken. */
  add(chunk: Uint8Array): boolean {
    const bytes = this.#bytes + chunk.length + OVERHEAD_BYTES;
    if (bytes > this.#maximumBytes) return false;
    this.#chunks.push(chunk);
    this.#bytes = bytes;
    return true;
  }

  take(): Uint8Array | undefined {
    const chunk = this.#chunks[this.#first];
    if (!chunk) return undefined;
    this.#first += 1;
    this.#bytes -= chunk.length + OVERHEAD_BYTES;
    if (this.isEmpty) this.clear();
    return chunk;
  }

  clear(): void {
    this.#chunks = [];
    this.#first = 0;
    this.#bytes = 0;
  }
}

// About what an array of its own costs, so that a flood of tiny messages is bounded too.
const OVERHEAD_BYTES = 128;
