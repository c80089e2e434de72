/** Messages that wait for one session, first in, first out, within limits. */
import type { QoS } from '@omqtt/codec';
import type { Message } from './message.ts';

/** A message on its way to one session. */
export interface Delivery {
  readonly message: Message;
  /** The lower of what was published and what was granted [MQTT-3.8.4-8]. */
  readonly qos: QoS;
  readonly retain: boolean;
  readonly identifiers: readonly number[] | undefined;
}

export class DeliveryQueue {
  #deliveries: (Delivery | undefined)[] = [];
  #first = 0;
  #bytes = 0;

  get size(): number {
    return this.#deliveries.length - this.#first;
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(delivery: Delivery): void {
    this.#deliveries.push(delivery);
    this.#bytes += delivery.message.bytes;
  }

  take(): Delivery | undefined {
    const delivery = this.#deliveries[this.#first];
    if (!delivery) return undefined;
    this.#deliveries[this.#first] = undefined;
    this.#first += 1;
    this.#bytes -= delivery.message.bytes;
    // Half of it is empty: what is moved was paid for by what was taken.
    if (this.#first > 32 && this.#first * 2 > this.#deliveries.length) {
      this.#deliveries = this.#deliveries.slice(this.#first);
      this.#first = 0;
    }
    return delivery;
  }

  clear(): void {
    this.#deliveries = [];
    this.#first = 0;
    this.#bytes = 0;
  }

  /** Makes room by dropping what has expired; says how many those were. */
  dropExpired(now: number): number {
    const size = this.size;
    const left = this.#deliveries.slice(this.#first).filter((each) => each && each.message.expiresAt > now);
    this.clear();
    for (const delivery of left) if (delivery) this.add(delivery);
    return size - left.length;
  }
}
