/** One publisher: as many messages on their way as its window allows, or as its pace says. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'omqtt';
import { preciseNow } from '../output/received-message.ts';
import { Payloads } from './payload-header.ts';

export interface PublisherOptions {
  readonly index: number;
  readonly topic: string;
  readonly qos: 0 | 1 | 2;
  readonly bytes: number;
  readonly window: number;
  /** 0: as fast as it goes. */
  readonly intervalMs: number;
  readonly most: number;
  readonly onTaken: (bytes: number, tookMs: number) => void;
  readonly onError: (error: unknown) => void;
}

/** Sends so many before others of the same process are heard. */
const MOST_IN_A_TURN = 256;
/** What has not come by then must not stop the rest for good; it is counted as lost. */
const LONGEST_WAIT_MS = 5000;
/** How often it is seen whether it is over. */
const LOOK_MS = 10;

export class Publisher {
  readonly #client: Client;
  readonly #options: PublisherOptions;
  readonly #payloads: Payloads;
  #sent = 0;
  #taken = 0;
  #open = 0;
  #inThisTurn = 0;
  #startedAt = 0;
  #isRunning = false;
  /** Something will call `#fill`. */
  #isWaiting = false;
  #opensAtArrival = false;
  #finish: () => void = () => undefined;

  constructor(client: Client, options: PublisherOptions) {
    this.#client = client;
    this.#options = options;
    this.#payloads = new Payloads(options.bytes);
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

  /** As many as window, pace and patience of the others allow; each answer calls it again. */
  #fill(): void {
    const { window, intervalMs, most } = this.#options;
    while (this.#isRunning && !this.#isWaiting && this.#open < window) {
      if (this.#sent >= most) return this.#finish();
      if (this.#inThisTurn >= MOST_IN_A_TURN) {
        this.#isWaiting = true;
        setImmediate(this.#goOn);
        return;
      }
      const due = intervalMs === 0 ? 0 : this.#startedAt + this.#sent * intervalMs - performance.now();
      if (due >= 1) {
        this.#isWaiting = true;
        setTimeout(this.#goOn, due);
        return;
      }
      this.#send();
    }
  }

  readonly #goOn = (): void => {
    this.#isWaiting = false;
    this.#inThisTurn = 0;
    this.#fill();
  };

  #send(): void {
    const { index, topic, qos, bytes, onTaken } = this.#options;
    const at = preciseNow();
    const payload = this.#payloads.next(index, this.#sent, at);
    this.#sent += 1;
    this.#open += 1;
    this.#inThisTurn += 1;
    const answered = (): void => {
      this.#taken += 1;
      onTaken(bytes, preciseNow() - at);
      if (!this.#opensAtArrival) this.arrived();
    };
    this.#client.publish(topic, payload, { qos }).then(answered, this.#onError);
  }

  readonly #onError = (error: unknown): void => {
    this.#options.onError(error);
    this.arrived();
  };
}
