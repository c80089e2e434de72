/** Writes down what a connection tells, and lets a case wait for it. */
import type { ConnectionSink, TransportError } from '@omqtt/contracts';

export class RecordingSink implements ConnectionSink {
  /** As they were handed over, not copied: a connection that writes to them again is found out. */
  readonly chunks: Uint8Array[] = [];
  /** What each `closed` came with. */
  readonly ends: (TransportError | undefined)[] = [];
  /** What was called after `closed`. */
  readonly late: string[] = [];
  /** Called within `bytes`. */
  onBytes: (() => void) | undefined;
  #received = 0;
  #drains = 0;
  readonly #waiting: (() => void)[] = [];

  get received(): number {
    return this.#received;
  }

  get drains(): number {
    return this.#drains;
  }

  bytes(chunk: Uint8Array): void {
    this.#tell('bytes');
    this.chunks.push(chunk);
    this.#received += chunk.length;
    this.onBytes?.();
  }

  drained(): void {
    this.#tell('drained');
    this.#drains += 1;
  }

  closed(error?: TransportError): void {
    this.#tell('closed');
    this.ends.push(error);
  }

  /** All bytes so far as one. */
  all(): Uint8Array {
    const all = new Uint8Array(this.#received);
    let at = 0;
    for (const chunk of this.chunks) {
      all.set(chunk, at);
      at += chunk.length;
    }
    return all;
  }

  async until(isReached: () => boolean): Promise<void> {
    while (!isReached()) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #tell(call: string): void {
    if (this.ends.length > 0) this.late.push(call);
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
