/** Questions whose answers are waited for: each has a number that its answer repeats. */
import type { PageMessage, ServerMessage } from '../../src/api/messages.ts';

type Located = Extract<ServerMessage, { readonly type: 'located' }>;
type Question<Kind> = Kind extends { readonly request: number } ? Omit<Kind, 'request'> : never;

export type Place = Pick<Located, 'view' | 'number' | 'position'>;

export class Requests {
  readonly #send: (message: PageMessage) => void;
  readonly #waiting = new Map<number, (place: Place | undefined) => void>();
  #last: number;

  /** Two that share a feed begin at numbers far from each other. */
  constructor(send: (message: PageMessage) => void, first: number = 0) {
    this.#send = send;
    this.#last = first;
  }

  /** `undefined` when the feed ended, or when something else has been asked since: only the last answer matters. */
  ask(question: Question<PageMessage>): Promise<Place | undefined> {
    this.cancel();
    this.#last += 1;
    const request = this.#last;
    return new Promise((resolve) => {
      this.#waiting.set(request, resolve);
      this.#send({ ...question, request });
    });
  }

  answer(located: Located): void {
    this.#waiting.get(located.request)?.(located);
    this.#waiting.delete(located.request);
  }

  cancel(): void {
    for (const resolve of this.#waiting.values()) resolve(undefined);
    this.#waiting.clear();
  }
}
