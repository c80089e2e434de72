/**
 * All live streams of one broker, with the same QoS, share one connection: each filter is subscribed to once, whoever wants it, and stays
 * subscribed to for a while after the last reader has left, so that a reader who comes back finds what it missed.
 */
import type { Grant, Message, Subscription } from 'omqtt';
import type { BrokerLink } from '../brokers/broker-link.ts';
import type { BrokerPool } from '../brokers/broker-pool.ts';
import type { StreamsConfig } from '../config/bridge-config.ts';
import { BridgeProblem } from '../problems/problem.ts';
import { subscribeProblem } from '../problems/problem-of-error.ts';
import { parseCursor } from './cursor.ts';
import { EventRing, type EventRecord } from './event-ring.ts';

/** Who is told of new events. */
export interface HubReader {
  offer(record: EventRecord): void;
}

/** One filter at the broker. */
export interface HubFilter {
  readonly filter: string;
  readonly ready: Promise<readonly Grant[]>;
  readonly readers: Set<HubReader>;
}

interface OpenFilter extends HubFilter {
  readonly subscription: Subscription;
  /** Every event after this number that matches is in the ring; undefined before the broker has agreed. */
  coveredSince: number | undefined;
  linger: NodeJS.Timeout | undefined;
}

export type Resumption =
  | { readonly isComplete: true; readonly position: number }
  | { readonly isComplete: false; readonly position: number; readonly reason: 'epoch-changed' | 'expired' };

export class EventHub {
  readonly ring: EventRing;
  readonly #pool: BrokerPool;
  readonly #config: StreamsConfig;
  readonly #filters = new Map<string, OpenFilter>();
  #link: BrokerLink | undefined;
  /** A delivery reaches each filter that it matches; it is one event all the same. */
  readonly #records = new WeakMap<Uint8Array, { readonly record: EventRecord; readonly sources: Set<object> }>();

  readonly #qos: 0 | 1;

  /** `qos`: what is at most asked for at the broker. */
  constructor(pool: BrokerPool, config: StreamsConfig, qos: 0 | 1) {
    this.#pool = pool;
    this.#config = config;
    this.#qos = qos;
    this.ring = new EventRing(config);
  }

  /** Filters at the broker. */
  get size(): number {
    return this.#filters.size;
  }

  /** Subscribes where nobody has yet. Rejects with the problem when the broker refuses one; nothing is held then. */
  async open(filters: readonly string[], reader: HubReader): Promise<readonly HubFilter[]> {
    this.#makeRoom(filters);
    const opened = filters.map((filter) => this.#filters.get(filter) ?? this.#subscribe(filter));
    for (const entry of opened) {
      clearTimeout(entry.linger);
      entry.readers.add(reader);
    }
    try {
      await Promise.all(opened.map(({ ready }) => ready));
    } catch (error) {
      this.leave(opened, reader);
      throw subscribeProblem(error, this.#pool.name);
    }
    return opened;
  }

  leave(filters: readonly HubFilter[], reader: HubReader): void {
    for (const { filter, readers } of filters) {
      readers.delete(reader);
      const entry = this.#filters.get(filter);
      if (readers.size > 0 || entry === undefined) continue;
      clearTimeout(entry.linger);
      entry.linger = setTimeout(() => this.#drop(entry), this.#config.lingerMs);
      entry.linger.unref();
    }
  }

  /** Where to go on after a cursor, and whether nothing is missing there. */
  resume(cursor: string, filters: readonly HubFilter[]): Resumption {
    const { last, horizon, epoch } = this.ring;
    if (cursor === 'earliest') return { isComplete: true, position: horizon };
    const known = parseCursor(cursor);
    if (known === undefined || known.epoch !== epoch || known.sequence > last) {
      return { isComplete: false, position: last, reason: 'epoch-changed' };
    }
    const isCovered = filters.every(({ filter }) => {
      const since = this.#filters.get(filter)?.coveredSince;
      return since !== undefined && since <= known.sequence;
    });
    if (isCovered && known.sequence >= horizon) return { isComplete: true, position: known.sequence };
    return { isComplete: false, position: last, reason: 'expired' };
  }

  /** The connection belongs to the pool, which closes it. */
  close(): void {
    for (const entry of this.#filters.values()) clearTimeout(entry.linger);
    this.#filters.clear();
  }

  /** Filters that only linger give way, the one that was subscribed to first before the others. */
  #makeRoom(wanted: readonly string[]): void {
    const added = wanted.filter((filter) => !this.#filters.has(filter)).length;
    let tooMany = this.#filters.size + added - this.#config.maximumHubFilters;
    for (const entry of this.#filters.values()) {
      if (tooMany <= 0) return;
      if (entry.readers.size > 0 || wanted.includes(entry.filter)) continue;
      this.#drop(entry);
      tooMany -= 1;
    }
    if (tooMany <= 0) return;
    const detail = `${this.#filters.size} filters are followed at this broker`;
    throw new BridgeProblem('stream-limit', { detail, retryAfterMs: 5000 });
  }

  #subscribe(filter: string): OpenFilter {
    this.#link ??= this.#connect();
    const base = { qos: this.#qos, ack: 'on-receipt' } as const;
    const options = this.#pool.isV5 ? ({ ...base, retainHandling: 2 } as const) : base;
    const handler = (message: Message): void => this.#receive(message, entry);
    const subscription = this.#link.client.subscribe(filter, options, handler);
    const entry: OpenFilter = {
      filter,
      subscription,
      ready: subscription.ready,
      readers: new Set(),
      coveredSince: undefined,
      linger: undefined,
    };
    this.#filters.set(filter, entry);
    subscription.ready.then(
      () => (entry.coveredSince = this.ring.last),
      () => this.#drop(entry),
    );
    return entry;
  }

  #connect(): BrokerLink {
    const { sessionExpirySeconds: expirySeconds } = this.#pool.config;
    const link = this.#pool.open(this.#pool.isV5 ? { session: { expirySeconds } } : {});
    link.onStatus((status) => {
      if (status.type !== 'connected' || status.connection.number === 1) return;
      // The broker has kept nothing for us meanwhile.
      if (!status.connection.sessionPresent) this.#tellAll(this.ring.addGap('broker-reconnect'));
    });
    return link;
  }

  #receive(message: Message, entry: OpenFilter): void {
    // In 3.1.1 the broker repeats what it retains for whoever subscribes; that is no event.
    if (message.retain) return;
    const known = this.#records.get(message.payload);
    const sources = known?.sources ?? new Set<object>();
    sources.add(entry);
    const record = known?.record ?? this.ring.addMessage(message, sources);
    if (known === undefined) this.#records.set(message.payload, { record, sources });
    for (const reader of entry.readers) reader.offer(record);
  }

  #tellAll(record: EventRecord): void {
    const readers = new Set([...this.#filters.values()].flatMap((entry) => [...entry.readers]));
    for (const reader of readers) reader.offer(record);
  }

  #drop(entry: OpenFilter): void {
    clearTimeout(entry.linger);
    if (this.#filters.get(entry.filter) === entry) this.#filters.delete(entry.filter);
    // Without a connection it is taken away later; nobody waits for it.
    entry.subscription.unsubscribe().catch(() => undefined);
  }
}
