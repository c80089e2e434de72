/** The outbound messages of one session, in the order of their sequence. */
import type { StoredMessage } from '@omqtt/contracts';

/**
 * A map for the messages, and a sorted list of their keys for reading. A key whose message is gone stays in the list
 * until such keys are the majority, so that a removal from the middle need not move everything behind it.
 */
export class MessageLog {
  readonly #messages = new Map<number, StoredMessage>();
  #keys: number[] = [];
  #bytes = 0;
  #highest = 0;

  get size(): number {
    return this.#messages.size;
  }

  /** Of the payloads. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Of all sequences that were ever here: none is given twice. */
  get highest(): number {
    return this.#highest;
  }

  put(message: StoredMessage): void {
    const { sequence } = message;
    const old = this.#messages.get(sequence);
    if (old === undefined) this.#insertKey(sequence);
    this.#bytes += message.payload.length - (old?.payload.length ?? 0);
    this.#messages.set(sequence, message);
    this.#highest = Math.max(this.#highest, sequence);
  }

  /** Nothing happens when there is no such message. */
  update(sequence: number, change: (message: StoredMessage) => StoredMessage): void {
    const message = this.#messages.get(sequence);
    if (message !== undefined) this.#messages.set(sequence, change(message));
  }

  remove(sequence: number): void {
    const message = this.#messages.get(sequence);
    if (message === undefined) return;
    this.#messages.delete(sequence);
    this.#bytes -= message.payload.length;
    if (this.#keys.length > this.#messages.size * 2 + SMALL) {
      this.#keys = this.#keys.filter((key) => this.#messages.has(key));
    }
  }

  read(after: number, limit: number): StoredMessage[] {
    const window: StoredMessage[] = [];
    for (let index = this.#indexBehind(after); window.length < limit && index < this.#keys.length; index += 1) {
      const message = this.#messages.get(this.#keys[index] as number);
      if (message !== undefined) window.push(message);
    }
    return window;
  }

  #insertKey(sequence: number): void {
    const last = this.#keys.at(-1);
    if (last === undefined || last < sequence) {
      this.#keys.push(sequence);
      return;
    }
    // Rare: sequences grow. The key may still be in the list from a message that was removed.
    const index = this.#indexBehind(sequence - 1);
    if (this.#keys[index] !== sequence) this.#keys.splice(index, 0, sequence);
  }

  /** Where in the list the first key above `sequence` is. */
  #indexBehind(sequence: number): number {
    let [low, high] = [0, this.#keys.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#keys[middle] as number) <= sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** So few keys are not worth tidying. */
const SMALL = 64;
