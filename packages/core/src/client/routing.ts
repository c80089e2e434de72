/** Leads messages to the subscriptions that want them. */
import { parseSharedFilter, type PublishPacket, TopicRouter } from '@omqtt/codec';
import { filterForms } from './filter-forms.ts';
import type { Subscription } from './subscription.ts';

interface Route {
  /** Without a prefix for the server, where messages come without it. */
  readonly filter: string;
  readonly subscription: Subscription;
}

interface Tables {
  readonly routes: TopicRouter<Route>;
  readonly bySubscription: Map<Subscription, Map<string, readonly Route[]>>;
  /** How many subscriptions want a filter. */
  readonly wanted: Map<string, number>;
  readonly byIdentifier: Map<number, Set<Subscription>>;
  /** Who gets the messages of a topic, where they carry no identifier; empty after each change. */
  readonly known: Map<string, readonly Subscription[]>;
}

const KNOWN_TOPICS = 1000;

export class Routing {
  /** Made with the first subscription: a client that only publishes needs none. */
  #tables: Tables | undefined;
  readonly #prefixes: readonly string[];

  constructor(prefixes: readonly string[]) {
    this.#prefixes = prefixes;
  }

  get subscriptions(): Iterable<Subscription> {
    return this.#tables?.bySubscription.keys() ?? [];
  }

  add(subscription: Subscription): void {
    this.#tables ??= newTables();
    const { routes, bySubscription, wanted, byIdentifier, known } = this.#tables;
    known.clear();
    const own = new Map<string, readonly Route[]>();
    for (const filter of subscription.filters) {
      const forms = filterForms(filter, this.#prefixes).map((form) => ({ filter: form, subscription }));
      own.set(filter, forms);
      for (const route of forms) routes.add(route.filter, route);
      wanted.set(filter, (wanted.get(filter) ?? 0) + 1);
    }
    bySubscription.set(subscription, own);
    const { identifier } = subscription.options;
    if (identifier === undefined) return;
    const same = byIdentifier.get(identifier) ?? new Set();
    byIdentifier.set(identifier, same.add(subscription));
  }

  /** The subscription wants nothing more. Returns the filters that nobody wants now. */
  remove(subscription: Subscription): readonly string[] {
    const orphans = this.filtersOf(subscription).filter((filter) => this.removeFilter(subscription, filter));
    this.#tables?.bySubscription.delete(subscription);
    const { identifier } = subscription.options;
    const same = identifier === undefined ? undefined : this.#tables?.byIdentifier.get(identifier);
    same?.delete(subscription);
    if (identifier !== undefined && same?.size === 0) this.#tables?.byIdentifier.delete(identifier);
    return orphans;
  }

  /** Says whether nobody wants the filter now. */
  removeFilter(subscription: Subscription, filter: string): boolean {
    const own = this.#tables?.bySubscription.get(subscription);
    const forms = own?.get(filter);
    if (this.#tables === undefined || forms === undefined) return false;
    const { routes, wanted, known } = this.#tables;
    known.clear();
    own?.delete(filter);
    for (const route of forms) routes.remove(route.filter, route);
    const left = (wanted.get(filter) ?? 1) - 1;
    if (left > 0) wanted.set(filter, left);
    else wanted.delete(filter);
    return left <= 0;
  }

  /**
   * Whose options are to count for the filter when this subscription leaves; none if they do so already, since the
   * server goes by those that it was sent last.
   */
  successor(leaving: Subscription, filter: string): Subscription | undefined {
    if (this.#tables === undefined || (this.#tables.wanted.get(filter) ?? 0) < 2) return undefined;
    let latest: Subscription | undefined;
    let before: Subscription | undefined;
    for (const [subscription, own] of this.#tables.bySubscription) {
      if (!own.has(filter)) continue;
      before = latest;
      latest = subscription;
    }
    return latest === leaving ? before : undefined;
  }

  /** Those that the server has not taken away. */
  filtersOf(subscription: Subscription): readonly string[] {
    return [...(this.#tables?.bySubscription.get(subscription)?.keys() ?? [])];
  }

  /**
   * Each subscription once, however many of its filters match. A subscription with an identifier gets what carries it;
   * when that leaves nobody, for instance because the server took the identifier over only now, all that match get it.
   * Among them the most specific exclusive one keeps the message for itself.
   */
  recipients({ topic, properties }: PublishPacket): readonly Subscription[] {
    if (this.#tables === undefined) return [];
    const identifiers = properties?.subscriptionIdentifiers;
    if (identifiers !== undefined) return recipientsIn(this.#tables, topic, identifiers);
    const { known } = this.#tables;
    let found = known.get(topic);
    if (found !== undefined) return found;
    found = recipientsIn(this.#tables, topic, []);
    if (known.size >= KNOWN_TOPICS) known.clear();
    known.set(topic, found);
    return found;
  }
}

function recipientsIn({ routes, byIdentifier }: Tables, topic: string, identifiers: readonly number[]): Subscription[] {
  const matching = routes.match(topic);
  const [only] = matching;
  // Nothing to choose from, as for most topics.
  if (only !== undefined && matching.length === 1) return [only.subscription];
  const meant = matching.filter(({ subscription: { options } }) => {
    return options.identifier === undefined || identifiers.includes(options.identifier);
  });
  const found = meant.length > 0 ? meant : matching;
  const exclusive = found.filter(({ subscription }) => subscription.options.exclusive === true);
  if (exclusive.length > 0) return [mostSpecific(exclusive).subscription];
  const recipients = new Set(found.map(({ subscription }) => subscription));
  // A server that rewrites topics sends what no filter here matches; the identifier still says who asked for it.
  if (recipients.size > 0) return [...recipients];
  return [...new Set(identifiers.flatMap((identifier) => [...(byIdentifier.get(identifier) ?? [])]))];
}

function newTables(): Tables {
  return {
    routes: new TopicRouter(),
    bySubscription: new Map(),
    wanted: new Map(),
    byIdentifier: new Map(),
    known: new Map(),
  };
}

function mostSpecific(routes: readonly Route[]): Route {
  return routes.reduce((best, route) => (isMoreSpecific(route.filter, best.filter) ? route : best));
}

// Level by level: a literal beats `+`, and `+` beats `#`.
function isMoreSpecific(left: string, right: string): boolean {
  const [a, b] = [levelsOf(left), levelsOf(right)];
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const difference = rank(a[index]) - rank(b[index]);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

function levelsOf(filter: string): readonly string[] {
  return (parseSharedFilter(filter)?.filter ?? filter).split('/');
}

function rank(level: string | undefined): number {
  if (level === undefined) return 0;
  return level === '#' ? 1 : level === '+' ? 2 : 3;
}
