/**
 * Messages on their way. Each has a place, which the next one takes when it is answered: in columns rather than in objects,
 * since what a thousand objects, buffers and views take does not fit into the caches of a processor, and that alone would
 * cost a tenth of a message.
 */
import type { Client, PublishOptions } from 'omqtt';
import type { Burst } from './burst.ts';
import { NUMBER_AT, PayloadSlab, TIME_AT, writeSource } from './payload-header.ts';

export interface Route {
  readonly client: Client;
  /** Written into each payload. */
  readonly publisher: number;
  readonly topic: string;
  readonly qos: 0 | 1 | 2;
  readonly bytes: number;
  readonly burst: Burst;
  readonly onAnswered: (tookMs: number) => void;
  readonly onFailed: (error: unknown) => void;
}

export class Flights {
  readonly #route: Route;
  readonly #options: PublishOptions;
  readonly #slab: PayloadSlab;
  readonly #free: number[] = [];
  /** By place, as what follows: when its message was sent. */
  readonly #at: number[] = [];
  readonly #payloads: Uint8Array[] = [];
  readonly #views: DataView[] = [];
  readonly #starts: number[] = [];
  readonly #landed: (() => void)[] = [];

  constructor(route: Route) {
    this.#route = route;
    this.#options = { qos: route.qos };
    this.#slab = new PayloadSlab(route.bytes);
  }

  send(number: number): void {
    const { client, topic, qos, burst, onFailed } = this.#route;
    const place = this.#free.pop() ?? this.#newPlace();
    // At QoS 0 nobody answers, so nobody knows when bytes may be used again.
    if (qos === 0) this.#newPayload(place);
    const at = burst.take();
    this.#at[place] = at;
    const [view, start] = [this.#views[place] as DataView, this.#starts[place] as number];
    view.setFloat64(start + NUMBER_AT, number);
    view.setFloat64(start + TIME_AT, at);
    // What failed may be kept by the client still, so its place is not used again.
    client.publish(topic, this.#payloads[place] as Uint8Array, this.#options).then(this.#landed[place], onFailed);
  }

  #newPlace(): number {
    const place = this.#landed.length;
    this.#landed.push(() => this.#land(place));
    this.#newPayload(place);
    return place;
  }

  #newPayload(place: number): void {
    const slab = this.#slab;
    this.#payloads[place] = slab.next();
    this.#views[place] = slab.view;
    this.#starts[place] = slab.start;
    writeSource(slab.view, slab.start, this.#route.publisher);
  }

  #land(place: number): void {
    const { burst, onAnswered } = this.#route;
    this.#free.push(place);
    onAnswered(burst.now() - (this.#at[place] as number));
  }
}
