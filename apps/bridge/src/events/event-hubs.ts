/** The live streams of one broker: those of QoS 1, and those who would rather miss something than wait. */
import type { BrokerPool } from '../brokers/broker-pool.ts';
import type { StreamsConfig } from '../config/bridge-config.ts';
import { EventHub } from './event-hub.ts';

export class EventHubs {
  readonly #byQoS: readonly [EventHub, EventHub];

  constructor(pool: BrokerPool, config: StreamsConfig) {
    this.#byQoS = [new EventHub(pool, config, 0), new EventHub(pool, config, 1)];
  }

  of(qos: 0 | 1): EventHub {
    return this.#byQoS[qos];
  }

  /** Filters at the broker. */
  get size(): number {
    return this.#byQoS[0].size + this.#byQoS[1].size;
  }

  close(): void {
    for (const hub of this.#byQoS) hub.close();
  }
}
