/** One publisher: as many messages on their way as its window allows, or as its pace says. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'omqtt';
import { preciseNow } from '../output/received-message.ts';
import { payloadWith } from './payload-header.ts';

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

export class Publisher {
  readonly #client: Client;
  readonly #options: PublisherOptions;
  #sent = 0;
  #taken = 0;
  #open = 0;
  #wake: (() => void) | undefined;

  constructor(client: Client, options: PublisherOptions) {
    this.#client = client;
    this.#options = options;
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
    this.#wake?.();
  }

  /** Resolves when `isOver`, or all were sent, and nothing is on its way. */
  async run(
    isOver: () => boolean,
    { opensAtArrival = false }: { readonly opensAtArrival?: boolean } = {},
  ): Promise<void> {
    const { window, intervalMs, most } = this.#options;
    const startedAt = performance.now();
    while (!isOver() && this.#sent < most) {
      const due = startedAt + this.#sent * intervalMs - performance.now();
      if (due >= 1) await sleep(due);
      if (this.#open >= window) await this.#room(window);
      if (isOver()) break;
      this.#send(opensAtArrival);
      // A turn of the event loop now and then: clients of the same process want to be heard.
      if (window > 1 && this.#sent % 256 === 0) await this.#turn();
    }
  }

  /** Resolves when all has been answered, or the time is over. */
  async settle(timeoutMs: number): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (this.#taken < this.#sent && performance.now() < deadline) await sleep(5);
  }

  #send(opensAtArrival: boolean): void {
    const { index, topic, qos, bytes } = this.#options;
    const at = preciseNow();
    const payload = payloadWith({ publisher: index, number: this.#sent, at }, bytes);
    this.#sent += 1;
    this.#open += 1;
    void this.#follow(this.#client.publish(topic, payload, { qos }), at, opensAtArrival);
  }

  async #follow(published: Promise<unknown>, at: number, opensAtArrival: boolean): Promise<void> {
    const { bytes, onTaken, onError } = this.#options;
    try {
      await published;
      this.#taken += 1;
      onTaken(bytes, preciseNow() - at);
      if (!opensAtArrival) this.arrived();
    } catch (error) {
      onError(error);
      this.arrived();
    }
  }

  async #room(window: number): Promise<void> {
    // Half of the window at once: fewer and larger batches.
    const enough = Math.floor(window / 2);
    const limit = performance.now() + LONGEST_WAIT_MS;
    while (this.#open > enough && performance.now() < limit) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, LONGEST_WAIT_MS);
        this.#wake = () => {
          if (this.#open > enough) return;
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#wake = undefined;
    // What never came must not stop it for good; it is counted as lost.
    if (this.#open > enough) this.#open = 0;
  }

  #turn(): Promise<void> {
    return new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}

const LONGEST_WAIT_MS = 5000;
