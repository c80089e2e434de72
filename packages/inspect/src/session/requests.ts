/** Request and response (§4.10): paired by response topic and correlation data. */
import type { InspectedPacketOf } from '../decode/inspected-packet.ts';
import { addStep, endExchange } from '../exchange.ts';
import { begin, canBegin, stepOf, type Turn } from './turn.ts';

/** Of longer ones nothing is remembered. */
const LONGEST_KEY = 1024;
/** Of one session; the oldest are given up. */
const MOST_REQUESTS = 1024;

/**
 * Seen from the client that asks: it publishes with a response topic and gets a message to that topic. Seen from the
 * one that answers, the other way round. Both have the same session table.
 */
export function pairRequest(turn: Turn, { properties }: InspectedPacketOf<'publish'>): void {
  const { connection, record, shared, now } = turn;
  const { requests } = connection.session;
  if (record.marks.includes('redelivery')) return;
  const characters =
    (properties?.correlationData?.length ?? 0) + (properties?.responseTopic ?? record.topic ?? '').length;
  if (characters > LONGEST_KEY || (requests.size === 0 && properties?.responseTopic === undefined)) return;
  const correlation = properties?.correlationData?.join(' ') ?? '';
  if (properties?.responseTopic !== undefined) {
    if (!canBegin(turn)) return;
    const key = keyOf(record.direction === 'c2s' ? 's2c' : 'c2s', properties.responseTopic, correlation);
    if (requests.has(key)) shared.openExchanges -= 1;
    requests.set(key, begin(turn, 'request'));
    if (requests.size > MOST_REQUESTS) forgetOldest(turn);
    return;
  }
  const key = keyOf(record.direction, record.topic ?? '', correlation);
  const asked = requests.get(key);
  if (asked === undefined) return;
  requests.delete(key);
  record.request = asked.exchange;
  addStep(asked.exchange, stepOf(turn));
  endExchange(asked.exchange, 'done', now);
  shared.openExchanges -= 1;
  shared.touch(asked.number);
}

function forgetOldest({ connection, shared, now }: Turn): void {
  for (const [key, { exchange, number }] of connection.session.requests) {
    endExchange(exchange, 'lost', now);
    shared.touch(number);
    shared.openExchanges -= 1;
    connection.session.requests.delete(key);
    return;
  }
}

function keyOf(direction: string, topic: string, correlation: string): string {
  return `${direction} ${correlation} ${topic}`;
}
