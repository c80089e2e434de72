/** Standard output or error. Knows whether people look at it, and notices when nobody reads it any more. */
import type { Writable } from 'node:stream';

export class OutputStream {
  readonly #stream: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  #isClosed = false;

  constructor(
    stream: Writable & { readonly isTTY?: boolean; readonly columns?: number },
    onClosed: (error: Error) => void,
  ) {
    this.#stream = stream;
    stream.on('error', (error) => {
      this.#isClosed = true;
      onClosed(error);
    });
  }

  get isTerminal(): boolean {
    return this.#stream.isTTY === true;
  }

  get columns(): number {
    return this.#stream.columns ?? 80;
  }

  /** Whether more than a little waits to be read. */
  get isFull(): boolean {
    return this.#stream.writableNeedDrain;
  }

  write(data: string | Uint8Array): void {
    if (!this.#isClosed) this.#stream.write(data);
  }

  line(text: string): void {
    this.write(`${text}\n`);
  }

  /** Resolves when there is room again, or nobody to read. */
  async room(): Promise<void> {
    if (!this.isFull || this.#isClosed) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.#stream.off('drain', done).off('error', done).off('close', done);
        resolve();
      };
      this.#stream.on('drain', done).on('error', done).on('close', done);
    });
  }

  /** Resolves when all is written. */
  async flush(): Promise<void> {
    if (this.#isClosed) return;
    await new Promise<void>((resolve) => {
      this.#stream.write('', () => resolve());
    });
  }
}
