/** What the user last asked for, filter by filter, and what the broker must therefore have in the end. */
import type { SubscriptionRequest } from '@omqtt/codec';
import type { StoredSubscription } from '@omqtt/contracts';
import type { Settlement } from '@omqtt/core/session';
import type { BrokerSession } from './broker-session.ts';
import { hold } from './violation.ts';

interface Wish {
  readonly operation: number;
  /** `undefined`: not to be subscribed. */
  readonly qos: number | undefined;
  /** Where its reason code stands in the answer. */
  readonly index: number;
  /** `unclear`: given up, refused, or not stored in a crash. */
  state: 'open' | 'done' | 'unclear';
}

export class SubscriptionWishes {
  readonly #wishes = new Map<string, Wish>();

  subscribe(operation: number, subscriptions: readonly SubscriptionRequest[]): void {
    for (const [index, { filter, qos }] of subscriptions.entries()) {
      this.#wishes.set(filter, { operation, qos, index, state: 'open' });
    }
  }

  unsubscribe(operation: number, filters: readonly string[]): void {
    for (const [index, filter] of filters.entries()) {
      this.#wishes.set(filter, { operation, qos: undefined, index, state: 'open' });
    }
  }

  settle({ operation, error, packet }: Settlement): void {
    const reasonCodes = packet?.type === 'suback' ? packet.reasonCodes : [];
    for (const wish of this.#wishes.values()) {
      if (wish.operation !== operation) continue;
      const isGranted = error === undefined && (reasonCodes[wish.index] ?? 0) < 0x80;
      wish.state = isGranted ? 'done' : 'unclear';
    }
  }

  /** The client was told that it is subscribed no more. */
  lose(filter: string): void {
    this.#wishes.delete(filter);
  }

  /**
   * The process is gone: what its store has counts, answered or not. What it has not may have been lost, and the news
   * with the process.
   */
  vanish(stored: ReadonlyMap<string, Pick<StoredSubscription, 'qos' | 'isLeaving'>>): void {
    for (const [filter, wish] of this.#wishes) {
      if (wish.qos === undefined ? wish.state === 'done' : wish.state === 'unclear') continue;
      const kept = stored.get(filter);
      const keptQos = kept?.isLeaving === true ? undefined : kept?.qos;
      wish.state = kept !== undefined && keptQos === wish.qos ? 'done' : 'unclear';
    }
  }

  holdAgainst(session: BrokerSession | undefined): void {
    for (const [filter, { qos, state }] of this.#wishes) {
      if (state !== 'done') continue;
      const actual = session?.subscriptions.get(filter)?.qos;
      hold(actual === qos, 'subscription', () => `${filter} was left at QoS ${qos}, and the broker has QoS ${actual}`);
    }
  }
}
