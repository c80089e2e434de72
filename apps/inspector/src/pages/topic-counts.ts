/** Messages by topic, and by the first level of their topics. */
import { payloadSizeOf, type PacketRecord } from '@omqtt/inspect';
import type { TopicRoot, TopicRow } from '../api/tally-view.ts';

const MOST_TOPICS = 10_000;
/** What a page is told of. */
const MOST_ROWS = 1000;
const MOST_ROOTS = 1000;
const MOST_ROOT_ROWS = 12;
const RATE_SECONDS = 10;

interface Count {
  messages: number;
  payloadBytes: number;
  isRetained: boolean;
  lastAt: number;
  lastNumber: number;
  /** Messages in each of the last seconds, by second modulo their count. */
  readonly recent: { second: number; count: number }[];
}

export class TopicCounts {
  readonly #topics = new Map<string, Count>();
  readonly #roots = new Map<string, Count>();
  #left = 0;

  add(record: PacketRecord): void {
    const { topic } = record;
    if (topic === undefined) return;
    const slash = topic.indexOf('/');
    addTo(this.#roots, { key: slash < 0 ? topic : topic.slice(0, slash + 1), most: MOST_ROOTS }, record);
    if (!addTo(this.#topics, { key: topic, most: MOST_TOPICS }, record)) this.#left += 1;
  }

  /** Those with most messages first, and how many are not in the list. */
  view(now: number): { readonly topics: TopicRow[]; readonly left: number } {
    const rows = Array.from(this.#topics, ([topic, count]) => rowOf(topic, count, now));
    const topics = mostFirst(rows).slice(0, MOST_ROWS);
    return { topics, left: this.#left + rows.length - topics.length };
  }

  /** The first levels with most messages. */
  roots(now: number): TopicRoot[] {
    const roots = Array.from(this.#roots, ([root, { messages, recent }]) => ({
      root,
      messages,
      perSecond: rateOf(recent, now),
    }));
    return mostFirst(roots).slice(0, MOST_ROOT_ROWS);
  }
}

/** False when there is no room for another. */
function addTo(
  counts: Map<string, Count>,
  { key, most }: { readonly key: string; readonly most: number },
  record: PacketRecord,
): boolean {
  const { packet, at, number } = record;
  if (packet?.type !== 'publish') return true;
  let count = counts.get(key);
  if (count === undefined) {
    if (counts.size >= most) return false;
    count = { messages: 0, payloadBytes: 0, isRetained: false, lastAt: at, lastNumber: number, recent: [] };
    counts.set(key, count);
  }
  count.messages += 1;
  count.payloadBytes += payloadSizeOf(record);
  count.isRetained ||= packet.retain === true;
  count.lastAt = at;
  count.lastNumber = number;
  const second = Math.floor(at / 1000);
  const slot = count.recent[second % RATE_SECONDS];
  if (slot?.second === second) slot.count += 1;
  else count.recent[second % RATE_SECONDS] = { second, count: 1 };
  return true;
}

function rateOf(recent: Count['recent'], now: number): number {
  const oldest = Math.floor(now / 1000) - RATE_SECONDS;
  // The list has holes where a second had no message.
  const inTime = recent.filter((slot) => slot.second > oldest).reduce((sum, slot) => sum + slot.count, 0);
  return inTime / RATE_SECONDS;
}

function rowOf(topic: string, { recent, ...count }: Count, now: number): TopicRow {
  return { topic, ...count, perSecond: rateOf(recent, now) };
}

function mostFirst<Row extends { readonly messages: number }>(rows: readonly Row[]): Row[] {
  return rows.toSorted((one, other) => other.messages - one.messages);
}
