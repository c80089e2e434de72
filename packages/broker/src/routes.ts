/** Who gets a message: all subscriptions of all sessions. */
import { parseSharedFilter, TopicRouter } from '@omqtt/codec';
import { SharedGroup, type Subscription } from './subscription.ts';

export type Route = Subscription | SharedGroup;

/** Topics whose routes are remembered until a subscription comes or goes. */
const MOST_REMEMBERED = 1000;
const LONGEST_REMEMBERED = 256;

export class Routes {
  readonly #router = new TopicRouter<Route>();
  readonly #groups = new Map<string, SharedGroup>();
  readonly #remembered = new Map<string, readonly Route[]>();
  #subscriptions = 0;

  /** How many subscriptions there are. */
  get size(): number {
    return this.#subscriptions;
  }

  /** Throws an `InvalidTopicError` for a bad filter. */
  add(subscription: Subscription): void {
    const { filter } = subscription;
    if (parseSharedFilter(filter)) this.#groupOf(filter).add(subscription);
    else this.#router.add(filter, subscription);
    this.#subscriptions += 1;
    this.#remembered.clear();
  }

  remove(subscription: Subscription): void {
    const { filter } = subscription;
    const group = this.#groups.get(filter);
    this.#remembered.clear();
    this.#subscriptions -= 1;
    if (!group) {
      this.#router.remove(filter, subscription);
      return;
    }
    group.remove(subscription);
    if (!group.isEmpty) return;
    this.#groups.delete(filter);
    this.#router.remove(filter, group);
  }

  match(topic: string): readonly Route[] {
    const remembered = this.#remembered.get(topic);
    if (remembered) return remembered;
    const routes = this.#router.match(topic);
    if (topic.length <= LONGEST_REMEMBERED) {
      if (this.#remembered.size >= MOST_REMEMBERED) this.#remembered.clear();
      this.#remembered.set(topic, routes);
    }
    return routes;
  }

  // Share name and filter together are the filter as it was written.
  #groupOf(filter: string): SharedGroup {
    const known = this.#groups.get(filter);
    if (known) return known;
    const group = new SharedGroup(filter);
    this.#router.add(filter, group);
    this.#groups.set(filter, group);
    return group;
  }
}
