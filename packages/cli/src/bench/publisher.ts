/** One publisher: as many messages on their way as its window allows, or as its pace says. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'omqtt';
import type { Burst } from './burst.ts';
import { Flights } from './flights.ts';

export interface PublisherOptions {
  readonly index: number;
  readonly topic: string;
  readonly qos: 0 | 1 | 2;
  readonly bytes: number;
  readonly window: number;
  /** 0: as fast as it goes. */
  readonly intervalMs: number;
  readonly most: number;
  /** All publishers of the process have the same. */
  readonly burst: Burst;
  readonly onTaken: (count: number, tookMs: number) => void;
  readonly onError: (error: unknown) => void;
}

/** What has not come by then must not stop the rest for good; it is counted as lost. */
const LONGEST_WAIT_MS = 5000;
/** Of the window: what was answered is replaced soon, so that the far end never runs dry. */
const STEP = 1 / 8;
/** How often it is seen whether it is over. */
const LOOK_MS = 10;

export class Publisher {
  readonly #options: PublisherOptions;
  readonly #flights: Flights;
  /** So many are sent together, as soon as there is room for them: a few at a time would be written a few at a time. */
  readonly #step: number;
  #sent = 0;
  #taken = 0;
  #open = 0;
  #startedAt = 0;
  #isRunning = false;
  /** Something will call `#fill`. */
  #isWaiting = false;
  #opensAtArrival = false;
  #finish: () => void = () => undefined;

  constructor(client: Client, options: PublisherOptions) {
    this.#options = options;
    const { index: publisher, intervalMs, window } = options;
    this.#step = intervalMs === 0 ? Math.ceil(window * STEP) : 1;
    const [onAnswered, onFailed] = [this.#onAnswered, this.#onFailed];
    this.#flights = new Flights({ ...options, client, publisher, onAnswered, onFailed });
  }

  get sent(): number {
    return this.#sent;
  }

  /** What the broker has confirmed; at QoS 0, what left. */
  get taken(): number {
    return this.#taken;
  }

  /** For a window that is opened by who received the message. */
  arrived(): void {
    this.#open -= 1;
    this.#fill();
  }

  /** Resolves when `isOver`, or all were sent. */
  async run(
    isOver: () => boolean,
    { opensAtArrival = false }: { readonly opensAtArrival?: boolean } = {},
  ): Promise<void> {
    this.#opensAtArrival = opensAtArrival;
    this.#startedAt = performance.now();
    const finished = new Promise<void>((resolve) => {
      this.#finish = resolve;
    });
    let [seen, since] = [-1, this.#startedAt];
    const look = setInterval(() => {
      if (isOver()) return this.#finish();
      const now = performance.now();
      const progress = this.#sent + this.#taken;
      if (seen !== progress) [seen, since] = [progress, now];
      else if (now - since > LONGEST_WAIT_MS + this.#options.intervalMs) this.#open = 0;
      this.#fill();
    }, LOOK_MS);
    this.#isRunning = true;
    this.#fill();
    await finished;
    this.#isRunning = false;
    clearInterval(look);
  }

  /** Resolves when all has been answered, or the time is over. */
  async settle(timeoutMs: number): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (this.#taken < this.#sent && performance.now() < deadline) await sleep(5);
  }

  /** As many as window, pace and patience of the others allow; at full speed one step. */
  #fill(): void {
    let left = this.#options.intervalMs === 0 ? this.#step : Infinity;
    for (let count = this.#mayGo(left); count > 0; count = this.#mayGo(left)) {
      left -= count;
      const first = this.#sent;
      this.#open += count;
      this.#sent += count;
      this.#flights.send(first, count);
    }
  }

  /** How many, at once. If none, somebody calls `#fill` when it may go on: an answer, a timer, or the next turn. */
  #mayGo(wanted: number): number {
    const { window, intervalMs, most, burst } = this.#options;
    if (!this.#isRunning || this.#isWaiting) return 0;
    const count = Math.min(wanted, window - this.#open, most - this.#sent);
    if (this.#sent >= most) this.#finish();
    if (count <= 0) return 0;
    if (intervalMs > 0) {
      const due = this.#startedAt + this.#sent * intervalMs - performance.now();
      if (due >= 1) return this.#wait(() => setTimeout(this.#goOn, due));
    }
    return burst.take(count) || this.#wait(() => setImmediate(this.#goOn));
  }

  #wait(begin: () => void): 0 {
    this.#isWaiting = true;
    begin();
    return 0;
  }

  readonly #goOn = (): void => {
    this.#isWaiting = false;
    this.#fill();
  };

  readonly #onAnswered = (count: number, tookMs: number): void => {
    this.#taken += count;
    this.#options.onTaken(count, tookMs);
    if (this.#opensAtArrival) return;
    this.#open -= count;
    if (this.#open + this.#step <= this.#options.window) this.#fill();
  };

  readonly #onFailed = (error: unknown): void => {
    this.#options.onError(error);
    this.arrived();
  };
}
