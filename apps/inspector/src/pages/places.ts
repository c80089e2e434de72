/** Questions where a record stands in the list, which wait until the filter has looked so far. */
import type { PageMessage } from '../api/messages.ts';
import type { RecordView } from './record-view.ts';

type Question = Extract<PageMessage, { readonly type: 'locate' }>;

export interface Place {
  readonly request: number;
  /** Both missing: it is not in the list. */
  readonly number?: number;
  readonly position?: number;
}

export class Places {
  readonly #most: number;
  #waiting: readonly Question[] = [];

  /** Of more than `most` the oldest are forgotten. */
  constructor(most: number) {
    this.#most = most;
  }

  add(question: Question): void {
    this.#waiting = [...this.#waiting, question].slice(-this.#most);
  }

  /** The answers that are known. `isComplete`: no more will be. */
  take(view: RecordView, isComplete: boolean): Place[] {
    const isKnown = ({ number }: Question): boolean => isComplete || view.hasSeen(number);
    const known = this.#waiting.filter(isKnown);
    if (known.length === 0) return [];
    this.#waiting = this.#waiting.filter((question) => !isKnown(question));
    return known.map(({ request, number }) => {
      const position = view.positionOf(number);
      return position === undefined ? { request } : { request, number, position };
    });
  }
}
