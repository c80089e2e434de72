/** What the broker keeps of the client's session, as the standard has it (§4.1). Plain data. */
import type { QoS } from '@omqtt/codec';
import type { Downstream } from './downstream.ts';
import type { Limits } from './plan.ts';

export interface BrokerSession {
  /** Tells this session from those before and after it. */
  readonly generation: number;
  readonly subscriptions: Map<string, { readonly qos: QoS; readonly identifier: number | undefined }>;
  /** QoS 2 messages of the client that were taken over, by id, until PUBREL. */
  readonly taken: Map<number, number>;
  /** Not yet sent to the client. */
  readonly queue: QueuedMessage[];
  /** Sent, and not finished, by id and in the order of sending. */
  readonly flights: Map<number, BrokerFlight>;
  /** The client has heard of it. */
  isKnown: boolean;
  /** What was announced when it began. */
  readonly limits: Limits;
  nextId: number;
  /** In milliseconds since the history began; Infinity while connected. */
  expiresAt: number;
  expirySeconds: number;
}

export interface QueuedMessage {
  readonly message: Downstream;
  readonly expiresAt: number;
  readonly expirySeconds: number | undefined;
  readonly identifiers: readonly number[];
}

export interface BrokerFlight extends QueuedMessage {
  readonly id: number;
  stage: 'sent' | 'released';
}

export function newSession(generation: number, limits: Limits): BrokerSession {
  return {
    generation,
    subscriptions: new Map(),
    taken: new Map(),
    queue: [],
    flights: new Map(),
    isKnown: false,
    limits,
    nextId: 1,
    expiresAt: Infinity,
    expirySeconds: 0,
  };
}

/** The next free id; small numbers, so that ids come again soon. */
export function takeId(session: BrokerSession): number {
  do session.nextId = session.nextId >= 50 ? 1 : session.nextId + 1;
  while (session.flights.has(session.nextId) && session.flights.size < 50);
  return session.nextId;
}

/** Whether a topic matches a filter (§4.7), with a shared subscription counted as its filter. */
export function matches(filter: string, topic: string): boolean {
  const plain = filter.startsWith('$share/') ? filter.slice(filter.indexOf('/', 7) + 1) : filter;
  const wanted = plain.split('/');
  const levels = topic.split('/');
  for (const [index, level] of wanted.entries()) {
    if (level === '#') return true;
    if (index >= levels.length || (level !== '+' && level !== levels[index])) return false;
  }
  return wanted.length === levels.length;
}
