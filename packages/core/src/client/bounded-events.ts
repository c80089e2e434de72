/** An async sequence that others push into: bounded, and the oldest gives way. */
export class BoundedEvents<Event> implements AsyncIterableIterator<Event> {
  readonly #limit: number;
  readonly #events: Event[] = [];
  readonly #waiting: ((result: IteratorResult<Event, undefined>) => void)[] = [];
  readonly #onReturn: (events: BoundedEvents<Event>) => void;
  #isDone = false;

  constructor(limit: number, onReturn: (events: BoundedEvents<Event>) => void) {
    this.#limit = limit;
    this.#onReturn = onReturn;
  }

  push(event: Event): void {
    if (this.#isDone) return;
    const next = this.#waiting.shift();
    if (next !== undefined) {
      next({ done: false, value: event });
      return;
    }
    if (this.#events.length >= this.#limit) this.#events.shift();
    this.#events.push(event);
  }

  /** What was pushed before is still handed out. */
  end(): void {
    this.#isDone = true;
    for (const next of this.#waiting.splice(0)) next({ done: true, value: undefined });
  }

  next(): Promise<IteratorResult<Event, undefined>> {
    const event = this.#events.shift();
    if (event !== undefined) return Promise.resolve({ done: false, value: event });
    if (this.#isDone) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  return(): Promise<IteratorResult<Event, undefined>> {
    this.#events.length = 0;
    this.end();
    this.#onReturn(this);
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
