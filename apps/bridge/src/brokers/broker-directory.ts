/** All brokers of the bridge, by name. */
import type { Logger } from 'omqtt';
import type { BridgeConfig, BridgeParts } from '../config/bridge-config.ts';
import { BridgeProblem } from '../problems/problem.ts';
import { BrokerCounts } from './broker-counts.ts';
import { BrokerPool } from './broker-pool.ts';

export class BrokerDirectory {
  readonly #pools: ReadonlyMap<string, BrokerPool>;
  readonly #first: BrokerPool;
  readonly counts: BrokerCounts = new BrokerCounts();

  constructor({ brokers, publish }: BridgeConfig, { dial, logger }: BridgeParts & { readonly logger: Logger }) {
    const pools = Object.entries(brokers).map(([name, config]) => {
      return new BrokerPool({ name, config, dial, logger, counts: this.counts }, publish);
    });
    const [first] = pools;
    if (first === undefined) throw new Error('a bridge has at least one broker');
    this.#first = first;
    this.#pools = new Map(pools.map((pool) => [pool.name, pool]));
  }

  get all(): readonly BrokerPool[] {
    return [...this.#pools.values()];
  }

  /** The one of this name; without a name the first. */
  find(name: string | undefined): BrokerPool {
    if (name === undefined) return this.#first;
    const pool = this.#pools.get(name);
    if (pool === undefined) {
      throw new BridgeProblem('broker-unknown', `there is no broker named ${JSON.stringify(name)}`);
    }
    return pool;
  }

  get defaultName(): string {
    return this.#first.name;
  }

  start(): void {
    for (const pool of this.#pools.values()) pool.start();
  }

  async close(drainMs: number): Promise<void> {
    await Promise.all(this.all.map((pool) => pool.close(drainMs)));
  }
}
