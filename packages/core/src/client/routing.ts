/** Leads messages to the subscriptions that want them. */
import { TopicRouter } from '@omqtt/codec';
import type { Delivery } from '../session/index.ts';
import type { Subscription } from './subscription.ts';

interface Route {
  readonly filter: string;
  readonly subscription: Subscription;
}

export class Routing {
  readonly #routes = new TopicRouter<Route>();
  readonly #byIdentifier = new Map<number, Set<Subscription>>();
  readonly #subscriptions = new Map<Subscription, readonly Route[]>();

  get subscriptions(): Iterable<Subscription> {
    return this.#subscriptions.keys();
  }

  add(subscription: Subscription): void {
    const routes = subscription.filters.map((filter) => ({ filter, subscription }));
    for (const route of routes) this.#routes.add(route.filter, route);
    this.#subscriptions.set(subscription, routes);
    const { identifier } = subscription.options;
    if (identifier === undefined) return;
    const same = this.#byIdentifier.get(identifier) ?? new Set();
    this.#byIdentifier.set(identifier, same.add(subscription));
  }

  remove(subscription: Subscription): void {
    for (const route of this.#subscriptions.get(subscription) ?? []) this.#routes.remove(route.filter, route);
    this.#subscriptions.delete(subscription);
    const { identifier } = subscription.options;
    if (identifier !== undefined) this.#byIdentifier.get(identifier)?.delete(subscription);
  }

  /** Whether another subscription still wants the filter. */
  wants(filter: string): boolean {
    for (const subscription of this.#subscriptions.keys()) {
      if (subscription.filters.includes(filter)) return true;
    }
    return false;
  }

  /**
   * Each subscription once, however many of its filters match. Identifiers come first: a subscription that has one gets
   * only what carries it. Among those that match, the most specific exclusive one keeps the message for itself.
   */
  recipients({ message }: Delivery): Subscription[] {
    const identifiers = message.properties?.subscriptionIdentifiers;
    const routes = this.#routes.match(message.topic).filter(({ subscription }) => {
      const { identifier } = subscription.options;
      return identifier === undefined || identifiers === undefined || identifiers.includes(identifier);
    });
    const exclusive = routes.filter(({ subscription }) => subscription.options.exclusive === true);
    if (exclusive.length > 0) return [mostSpecific(exclusive).subscription];
    return [...new Set(routes.map(({ subscription }) => subscription))];
  }
}

function mostSpecific(routes: readonly Route[]): Route {
  return routes.reduce((best, route) => (isMoreSpecific(route.filter, best.filter) ? route : best));
}

// Level by level: a literal beats `+`, and `+` beats `#`.
function isMoreSpecific(left: string, right: string): boolean {
  const [a, b] = [left.split('/'), right.split('/')];
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const difference = rank(a[index]) - rank(b[index]);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

function rank(level: string | undefined): number {
  if (level === undefined) return 0;
  return level === '#' ? 1 : level === '+' ? 2 : 3;
}
