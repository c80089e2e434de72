/** Bytes that have come, for those who ask for an exact number of them. */
export class IncomingBytes {
  readonly #chunks: Uint8Array[] = [];
  readonly #readers: Reader[] = [];
  #held = 0;
  #isEnded = false;

  push(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#held += chunk.length;
    this.#serve();
  }

  end(): void {
    this.#isEnded = true;
    this.#serve();
  }

  read(count: number): Promise<Uint8Array> {
    return new Promise((take, fail) => {
      this.#readers.push({ count, take, fail });
      this.#serve();
    });
  }

  #serve(): void {
    for (let reader = this.#readers[0]; reader !== undefined; reader = this.#readers[0]) {
      if (reader.count <= this.#held) reader.take(this.#takeBytes(reader.count));
      else if (this.#isEnded) reader.fail(new Error(`The stream ended with ${this.#held} of ${reader.count} bytes`));
      else return;
      this.#readers.shift();
    }
  }

  #takeBytes(count: number): Uint8Array {
    const taken = new Uint8Array(count);
    let filled = 0;
    let used = 0;
    let rest: Uint8Array[] = [];
    // `#held` is the sum of the chunks, so there are enough.
    while (filled < count) {
      const chunk = this.#chunks[used] as Uint8Array;
      const piece = chunk.subarray(0, count - filled);
      taken.set(piece, filled);
      filled += piece.length;
      used += 1;
      rest = piece.length < chunk.length ? [chunk.subarray(piece.length)] : [];
    }
    this.#chunks.splice(0, used, ...rest);
    this.#held -= count;
    return taken;
  }
}

interface Reader {
  readonly count: number;
  readonly take: (bytes: Uint8Array) => void;
  readonly fail: (error: Error) => void;
}
