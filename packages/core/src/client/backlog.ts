/** Publishers that wait for room, in the order in which they came. */
import { Queue } from '../session/queue.ts';
import type { CheckedMessage } from './publish-message.ts';

interface Place {
  readonly message: CheckedMessage;
  /** Nobody waits for it any more. */
  isWithdrawn: boolean;
}

/** Whoever publishes without waiting for the outcome must not fill the memory either. */
const MOST_ENTRIES = 100_000;
const MOST_BYTES = 64 * 1024 * 1024;

export class Backlog {
  readonly #places = new Queue<Place>();
  #withdrawn = 0;
  #bytes = 0;

  get length(): number {
    return this.#places.length - this.#withdrawn;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** False when even the publishers that wait are too many. */
  push(message: CheckedMessage): boolean {
    const bytes = bytesOf(message);
    // One may always wait: it could never be sent otherwise.
    const hasRoom = this.length === 0 || (this.length < MOST_ENTRIES && this.#bytes + bytes <= MOST_BYTES);
    if (!hasRoom) return false;
    this.#places.push({ message, isWithdrawn: false });
    this.#bytes += bytes;
    return true;
  }

  /** The first that still waits. */
  get first(): CheckedMessage | undefined {
    for (let place = this.#places.first; place !== undefined; place = this.#places.first) {
      if (!place.isWithdrawn) return place.message;
      this.#places.shift();
      this.#withdrawn -= 1;
    }
    return undefined;
  }

  /** Takes the first away. */
  shift(): void {
    const { first } = this;
    if (first === undefined) return;
    this.#places.shift();
    this.#bytes -= bytesOf(first);
  }

  withdraw(operation: number): void {
    const place = this.#places.find(({ message }) => message.operation === operation);
    if (place === undefined || place.isWithdrawn) return;
    place.isWithdrawn = true;
    this.#withdrawn += 1;
    this.#bytes -= bytesOf(place.message);
    // Swept when more than half is dead, so that memory follows what waits.
    if (this.#withdrawn * 2 <= this.#places.length) return;
    this.#places.filter(({ isWithdrawn }) => !isWithdrawn);
    this.#withdrawn = 0;
  }

  clear(): void {
    this.#places.clear();
    this.#withdrawn = 0;
    this.#bytes = 0;
  }
}

function bytesOf({ topic, payload }: CheckedMessage): number {
  return topic.length + payload.length;
}
