/** A loop over the messages of a subscription. Asking for the next message says that the one before is done. */
import type { Message } from './message.ts';
import type { WaitOptions } from './wait-limit.ts';

export interface LoopParts {
  /** The next message; `undefined` at the end. */
  readonly read: (wait: WaitOptions) => Promise<Message | undefined>;
  /** The loop was left with the message in hand. */
  readonly left: (message: Message) => void;
  /** Asking for the next one acknowledges the message. */
  readonly acknowledges: boolean;
}

// Not a generator: those cannot be left while they wait for the next message.
export class MessageLoop implements AsyncIterableIterator<Message, undefined> {
  readonly #parts: LoopParts;
  readonly #leaving = new AbortController();
  #inHand: Message | undefined;

  constructor(parts: LoopParts) {
    this.#parts = parts;
  }

  async next(): Promise<IteratorResult<Message, undefined>> {
    const { read, acknowledges } = this.#parts;
    const { signal } = this.#leaving;
    if (acknowledges) this.#inHand?.ack();
    this.#inHand = undefined;
    if (signal.aborted) return END;
    let message: Message | undefined;
    try {
      message = await read({ signal });
    } catch (error) {
      if (signal.aborted) return END;
      throw error;
    }
    if (message === undefined) return END;
    this.#inHand = message;
    return { done: false, value: message };
  }

  /** Leaving says nothing about the message in hand. */
  return(): Promise<IteratorResult<Message, undefined>> {
    this.#leaving.abort();
    if (this.#inHand !== undefined) this.#parts.left(this.#inHand);
    this.#inHand = undefined;
    return Promise.resolve(END);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

const END = { done: true, value: undefined } as const;
