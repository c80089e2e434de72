/**
 * Messages under way. Those that left together are one flight: what is known of them is known once, and one function hears
 * of all their answers. A flight that is back goes again, with the same payloads, since a thousand messages that each have
 * something of their own do not fit into the caches of a processor, and that alone would cost a tenth of a message.
 */
import type { Client, PublishOptions } from 'omqtt';
import { preciseNow } from '../output/received-message.ts';
import { Payloads, Slab } from './payloads.ts';

export interface Route {
  readonly client: Pick<Client, 'publish'>;
  /** Written into each payload. */
  readonly publisher: number;
  readonly topic: string;
  readonly qos: 0 | 1 | 2;
  readonly bytes: number;
  /** So many were answered, and took the same time: called in the turn of the event loop in which they were. */
  readonly onAnswered: (count: number, tookMs: number) => void;
  readonly onFailed: (error: unknown) => void;
}

interface Flight {
  readonly payloads: Payloads;
  readonly onLanded: () => void;
  readonly onAnswered: (error: unknown) => void;
  /** Milliseconds since 1970. */
  at: number;
  unanswered: number;
}

export class Flights {
  readonly #route: Route;
  readonly #options: PublishOptions;
  readonly #slab = new Slab();
  readonly #free: Flight[] = [];
  /** Whose answers are heard now, one after the other: so many, since then. */
  #landing: Flight | undefined;
  #landed = 0;
  #landedAt = 0;
  #tellsLater = false;

  constructor(route: Route) {
    this.#route = route;
    this.#options = { qos: route.qos };
  }

  /** As many messages as if they left at the same time, with the numbers from `first` on. */
  send(first: number, count: number): void {
    const { client, topic, qos, onFailed } = this.#route;
    const flight = this.#free.pop() ?? this.#newFlight();
    const { payloads, onLanded, onAnswered } = flight;
    const at = preciseNow();
    flight.at = at;
    flight.unanswered = count;
    // At QoS 0 nobody answers, so nobody knows when bytes may be used again.
    if (qos === 0) payloads.renew(count);
    else payloads.provide(count);
    for (let index = 0; index < count; index += 1) {
      const payload = payloads.write(index, first + index, at);
      // All of QoS 0 have the same promise, which costs less than a callback; others would have one of their own.
      if (qos === 0) client.publish(topic, payload, this.#options).then(onLanded, onFailed);
      else client.publish(topic, payload, this.#options, onAnswered);
    }
  }

  #newFlight(): Flight {
    const onLanded = (): void => {
      if (flight !== this.#landing) this.#turnTo(flight);
      this.#landed += 1;
    };
    // What failed may be kept by the client still: then the flight is never back.
    const onAnswered = (error: unknown): void => (error === undefined ? onLanded() : this.#route.onFailed(error));
    const payloads = new Payloads(this.#route, this.#slab);
    const flight: Flight = { payloads, onLanded, onAnswered, at: 0, unanswered: 0 };
    return flight;
  }

  /** One look at the clock is for all answers that come one after the other: some microseconds. */
  #turnTo(flight: Flight): void {
    this.#tell();
    this.#landing = flight;
    // After telling, since that may send more.
    this.#landedAt = preciseNow();
    if (this.#tellsLater) return;
    this.#tellsLater = true;
    // Comes when all answers that were there have been worked on, before the event loop looks for others.
    process.nextTick(this.#tellRest);
  }

  readonly #tellRest = (): void => {
    this.#tellsLater = false;
    this.#tell();
  };

  #tell(): void {
    const [flight, count] = [this.#landing, this.#landed];
    if (flight === undefined) return;
    this.#landing = undefined;
    this.#landed = 0;
    flight.unanswered -= count;
    const tookMs = this.#landedAt - flight.at;
    if (flight.unanswered === 0) this.#free.push(flight);
    this.#route.onAnswered(count, tookMs);
  }
}
