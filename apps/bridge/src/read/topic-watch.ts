/**
 * Waits until what is retained for a topic is another than before. MQTT tells of messages, not of what is retained: each
 * message to the topic is the reason to look again, ten times a second at most.
 */
import type { EventHub, HubReader } from '../events/event-hub.ts';
import type { LongLived } from '../events/stream-registry.ts';
import type { ReadValue } from './last-values.ts';
import type { RetainedReader } from './retained-reader.ts';

export interface WatchParts {
  readonly hub: EventHub;
  readonly retained: RetainedReader;
  readonly topic: string;
  readonly waitMs: number;
  /** Whether this is news to who waits. */
  readonly isNews: (value: ReadValue | undefined) => boolean;
}

const PAUSE_MS = 100;

export class TopicWatch implements LongLived, HubReader {
  readonly fullForMs = 0;
  readonly waitingBytes = 0;
  readonly #parts: WatchParts;
  readonly #closeListeners: (() => void)[] = [];
  /** Something came that was not looked at yet. */
  #isStirred = false;
  #isOver = false;
  #wake: () => void = ignore;

  constructor(parts: WatchParts) {
    this.#parts = parts;
  }

  /** What is retained when it is news, when the time is over, or when this has to end. */
  async wait(): Promise<ReadValue | undefined> {
    const { hub, topic, waitMs } = this.#parts;
    const deadline = setTimeout(() => this.#end(), waitMs);
    const opening = hub.open([topic], this);
    try {
      // Not for ever: the broker may go away before it has agreed.
      await Promise.race([opening, this.#pause(undefined)]);
      return await this.#lookUntilNews();
    } finally {
      clearTimeout(deadline);
      this.#end();
      opening.then((filters) => hub.leave(filters, this)).catch(ignore);
      for (const listener of this.#closeListeners) listener();
    }
  }

  /** The subscription stands, so nothing is overlooked from now on; what is retained now is where it begins. */
  async #lookUntilNews(): Promise<ReadValue | undefined> {
    const { retained, topic, isNews } = this.#parts;
    let value = await retained.readOne(topic);
    while (!this.#isOver && !isNews(value)) {
      await this.#stirred();
      if (!this.#isOver) value = await retained.readOne(topic);
    }
    return value;
  }

  offer(): void {
    this.#isStirred = true;
    this.#wake();
  }

  beat(): void {
    // Nothing can be said before the answer.
  }

  /** It answers with what it knows. */
  bye(): void {
    this.#end();
  }

  onClose(listener: () => void): void {
    this.#closeListeners.push(listener);
  }

  #end(): void {
    this.#isOver = true;
    this.#wake();
  }

  async #stirred(): Promise<void> {
    await this.#pause(PAUSE_MS);
    if (!this.#isStirred) await this.#pause(undefined);
    this.#isStirred = false;
  }

  /** Until it ends; without a length also until something comes. */
  #pause(lengthMs: number | undefined): Promise<void> {
    return new Promise((resolve) => {
      if (this.#isOver) {
        resolve();
        return;
      }
      const timer = lengthMs === undefined ? undefined : setTimeout(resolve, lengthMs);
      this.#wake = () => {
        if (timer !== undefined && !this.#isOver) return;
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function ignore(): void {
  // Nobody waits.
}
