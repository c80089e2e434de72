/** Publishers that wait for room, in the order in which they came. */
import { Queue } from '../session/queue.ts';
import type { PublishCommand } from '../session/index.ts';

export interface BacklogEntry {
  readonly command: PublishCommand;
  /** The session has taken the message. */
  readonly accepted?: (() => void) | undefined;
}

/** Whoever publishes without waiting for the outcome must not fill the memory either. */
const MOST_ENTRIES = 100_000;
const MOST_BYTES = 64 * 1024 * 1024;

export class Backlog {
  readonly #entries = new Queue<BacklogEntry>();
  /** Operations that nobody waits for any more; their entries are passed over. */
  readonly #withdrawn = new Set<number>();
  #bytes = 0;

  get length(): number {
    return this.#entries.length - this.#withdrawn.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** False when even the publishers that wait are too many. */
  push(entry: BacklogEntry): boolean {
    const bytes = bytesOf(entry);
    // One may always wait: it could never be sent otherwise.
    const hasRoom = this.length === 0 || (this.length < MOST_ENTRIES && this.#bytes + bytes <= MOST_BYTES);
    if (!hasRoom) return false;
    this.#entries.push(entry);
    this.#bytes += bytes;
    return true;
  }

  /** The first that still waits. */
  get first(): BacklogEntry | undefined {
    for (let entry = this.#entries.first; entry !== undefined; entry = this.#entries.first) {
      if (!this.#withdrawn.delete(entry.command.operation)) return entry;
      this.#entries.shift();
    }
    return undefined;
  }

  /** Takes the first away. */
  shift(): void {
    const entry = this.#entries.shift();
    if (entry !== undefined) this.#bytes -= bytesOf(entry);
  }

  withdraw(operation: number): void {
    const entry = this.#entries.find(({ command }) => command.operation === operation);
    if (entry === undefined || this.#withdrawn.has(operation)) return;
    this.#withdrawn.add(operation);
    this.#bytes -= bytesOf(entry);
    // Swept when more than half is dead, so that memory follows what waits.
    if (this.#withdrawn.size * 2 <= this.#entries.length) return;
    this.#entries.filter(({ command }) => !this.#withdrawn.has(command.operation));
    this.#withdrawn.clear();
  }

  clear(): void {
    this.#entries.clear();
    this.#withdrawn.clear();
    this.#bytes = 0;
  }
}

function bytesOf({ command: { topic, payload } }: BacklogEntry): number {
  return topic.length + payload.length;
}
