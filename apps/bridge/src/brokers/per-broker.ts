/** One of a kind for each broker, made when it is first wanted. */
import type { BrokerPool } from './broker-pool.ts';

export class PerBroker<Service> {
  readonly #make: (pool: BrokerPool) => Service;
  readonly #made = new Map<BrokerPool, Service>();

  constructor(make: (pool: BrokerPool) => Service) {
    this.#make = make;
  }

  of(pool: BrokerPool): Service {
    const service = this.#made.get(pool) ?? this.#make(pool);
    this.#made.set(pool, service);
    return service;
  }

  /** For one whose connections are closed. */
  forget(pool: BrokerPool): Service | undefined {
    const service = this.#made.get(pool);
    this.#made.delete(pool);
    return service;
  }

  get all(): readonly Service[] {
    return [...this.#made.values()];
  }
}
