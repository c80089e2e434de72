/** One subscriber: counts what comes, by publisher. */
import type { Client, Message } from 'omqtt';
import { preciseNow } from '../output/received-message.ts';
import { readHeader } from './payload-header.ts';
import { SequenceCheck } from './sequence-check.ts';

export class Receiver {
  readonly #checks = new Map<number, SequenceCheck>();
  #lastAt = performance.now();
  #dropped: () => number = () => 0;

  /** Resolves when the broker has confirmed. */
  async subscribe(
    client: Client,
    { filter, qos }: { readonly filter: string; readonly qos: 0 | 1 | 2 },
    onMessage: (bytes: number, tookMs: number) => void,
  ): Promise<void> {
    const subscription = client.subscribe(filter, { qos, buffer: { max: 1_000_000 } }, (message: Message) => {
      const header = readHeader(message.payload);
      if (header === undefined) return;
      this.#lastAt = performance.now();
      this.#check(header.publisher).add(header.number);
      onMessage(message.payload.length, preciseNow() - header.at);
    });
    this.#dropped = () => subscription.dropped;
    await subscription.ready;
  }

  get unique(): number {
    return this.#sum(({ unique }) => unique);
  }

  get duplicates(): number {
    return this.#sum(({ duplicates }) => duplicates);
  }

  get gaps(): number {
    return this.#sum(({ gaps }) => gaps);
  }

  /** What this process could not keep up with. */
  get dropped(): number {
    return this.#dropped();
  }

  get silentMs(): number {
    return performance.now() - this.#lastAt;
  }

  #check(publisher: number): SequenceCheck {
    const known = this.#checks.get(publisher);
    if (known !== undefined) return known;
    const check = new SequenceCheck();
    this.#checks.set(publisher, check);
    return check;
  }

  #sum(value: (check: SequenceCheck) => number): number {
    return [...this.#checks.values()].reduce((sum, check) => sum + value(check), 0);
  }
}
