/** Requests at a rate, for a while, as long as there are connections to send them on. */
const TICK_MS = 5;

export class Pace {
  readonly #perMs: number;
  readonly #durationMs: number;
  readonly #timer: NodeJS.Timeout;
  readonly #waiting: ((mayGo: boolean) => void)[] = [];
  #startedAt = 0;
  #lastAt = 0;
  #granted = 0;

  constructor(perSecond: number, durationMs: number) {
    this.#perMs = perSecond / 1000;
    this.#durationMs = durationMs;
    this.#timer = setInterval(() => this.#grant(), TICK_MS);
  }

  /** From the first request to the last answer. */
  get elapsedSeconds(): number {
    return (this.#lastAt - this.#startedAt) / 1000;
  }

  next(): Promise<boolean> {
    const now = performance.now();
    if (this.#startedAt === 0) this.#startedAt = now;
    this.#lastAt = now;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #grant(): void {
    if (this.#startedAt === 0) return;
    const elapsedMs = performance.now() - this.#startedAt;
    const isOver = elapsedMs >= this.#durationMs;
    const due = isOver ? 0 : Math.floor(elapsedMs * this.#perMs) - this.#granted;
    const granted = this.#waiting.splice(0, due);
    this.#granted += granted.length;
    for (const resolve of granted) resolve(true);
    if (!isOver) return;
    for (const resolve of this.#waiting.splice(0)) resolve(false);
  }
}
