/** Counts what comes out at the end. It is not killed, and goes on with its session when the broker was. */
import { createClient, type Client } from 'omqtt';
import { durableOptions } from './durable-options.ts';

export class Collector {
  readonly #client: Client;
  readonly #arrivals = { 1: new Map<string, number>(), 2: new Map<string, number>() };
  #lastAt = performance.now();

  private constructor(url: string) {
    this.#client = createClient(url, durableOptions('collector'));
  }

  static async start(url: string): Promise<Collector> {
    const collector = new Collector(url);
    const subscription = collector.#client.subscribe('out/#', { qos: 2 }, (message) => {
      const arrivals = collector.#arrivals[message.topic === 'out/1' ? 1 : 2];
      const id = message.text();
      arrivals.set(id, (arrivals.get(id) ?? 0) + 1);
      collector.#lastAt = performance.now();
    });
    await collector.#client.connect();
    await subscription.ready;
    return collector;
  }

  /** How often each message has come. */
  arrivals(qos: 1 | 2): ReadonlyMap<string, number> {
    return this.#arrivals[qos];
  }

  /** Since something came. */
  get silentMs(): number {
    return performance.now() - this.#lastAt;
  }

  async close(): Promise<void> {
    await this.#client.close();
  }
}
