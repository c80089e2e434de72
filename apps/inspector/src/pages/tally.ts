/** Counts over all that was seen: topics, types, findings, round trips, seconds. Bounded, whatever the traffic does. */
import type { PacketRecord } from '@omqtt/inspect';
import type { SecondCount, StatisticsView, TopicRow, TypeCount } from '../api/tally-view.ts';
import { DurationHistogram } from './duration-histogram.ts';
import { FindingCounts } from './finding-counts.ts';

const MOST_TOPICS = 10_000;
/** What a page is told of. */
const MOST_TOPIC_ROWS = 1000;
const MOST_SECONDS = 3600;
const RATE_SECONDS = 10;

type Open<Each> = { -readonly [Key in keyof Each]: Each[Key] };

interface TopicCount {
  messages: number;
  payloadBytes: number;
  isRetained: boolean;
  lastAt: number;
  lastNumber: number;
  /** Messages in each of the last seconds, by second modulo their count. */
  readonly recent: { second: number; count: number }[];
}

export class Tally {
  readonly #topics = new Map<string, TopicCount>();
  #topicsLeft = 0;
  readonly #types = new Map<string, Open<TypeCount>>();
  readonly #seconds = new Map<number, Open<SecondCount>>();
  readonly #findings = new FindingCounts();
  readonly #roundTrips = new DurationHistogram();

  add(record: PacketRecord): void {
    const { type, direction, size, at, pair, number } = record;
    let count = this.#types.get(type);
    if (count === undefined) this.#types.set(type, (count = { type, c2s: 0, s2c: 0, bytes: 0 }));
    count[direction] += 1;
    count.bytes += size;
    this.#second(at)[direction] += 1;
    this.#countFindings(record);
    const isAnswer = pair?.status === 'done' && pair.steps.at(-1)?.number === number;
    if (isAnswer && pair.roundTripMs !== undefined) this.#roundTrips.add(pair.roundTripMs);
    if (record.packet?.type === 'publish') this.#addMessage(record);
  }

  /** More is known of an earlier record. */
  change(record: PacketRecord): void {
    if (record.findings.length > 0) this.#countFindings(record);
  }

  opened(at: number): void {
    this.#second(at).opened += 1;
  }

  closed(at: number): void {
    this.#second(at).closed += 1;
  }

  /** Those with most messages first, and how many are not in the list. */
  topics(now: number): { readonly topics: TopicRow[]; readonly left: number } {
    const rows = Array.from(this.#topics, ([topic, count]) => topicRow(topic, count, now));
    const topics = rows.toSorted((one, other) => other.messages - one.messages).slice(0, MOST_TOPIC_ROWS);
    return { topics, left: this.#topicsLeft + rows.length - topics.length };
  }

  statistics(): StatisticsView {
    const roundTrips = this.#roundTrips.view();
    return {
      types: [...this.#types.values()].toSorted((one, other) => other.c2s + other.s2c - one.c2s - one.s2c),
      ...(roundTrips && { roundTrips }),
      findings: this.#findings.view(),
    };
  }

  /** From `second` on. */
  timeline(second: number): SecondCount[] {
    return [...this.#seconds.values()]
      .filter((each) => each.second >= second)
      .toSorted((one, other) => one.second - other.second);
  }

  /** Findings at the packets of a connection. */
  findingsOf(connection: string): { readonly errors: number; readonly warnings: number } {
    return this.#findings.of(connection);
  }

  #countFindings(record: PacketRecord): void {
    this.#second(record.at).findings += this.#findings.count(record);
  }

  #addMessage({ topic, packet, at, number }: PacketRecord): void {
    if (topic === undefined || packet?.type !== 'publish') return;
    let count = this.#topics.get(topic);
    if (count === undefined) {
      if (this.#topics.size >= MOST_TOPICS) {
        this.#topicsLeft += 1;
        return;
      }
      count = { messages: 0, payloadBytes: 0, isRetained: false, lastAt: at, lastNumber: number, recent: [] };
      this.#topics.set(topic, count);
    }
    count.messages += 1;
    count.payloadBytes += packet.payload?.length ?? 0;
    count.isRetained ||= packet.retain === true;
    count.lastAt = at;
    count.lastNumber = number;
    const second = Math.floor(at / 1000);
    const slot = count.recent[second % RATE_SECONDS];
    if (slot?.second === second) slot.count += 1;
    else count.recent[second % RATE_SECONDS] = { second, count: 1 };
  }

  #second(at: number): Open<SecondCount> {
    const second = Math.floor(at / 1000);
    let count = this.#seconds.get(second);
    if (count === undefined) {
      this.#seconds.set(second, (count = { second, c2s: 0, s2c: 0, findings: 0, opened: 0, closed: 0 }));
      const [oldest] = this.#seconds.keys();
      if (this.#seconds.size > MOST_SECONDS && oldest !== undefined) this.#seconds.delete(oldest);
    }
    return count;
  }
}

function topicRow(topic: string, count: TopicCount, now: number): TopicRow {
  const { messages, payloadBytes, isRetained, lastAt, lastNumber, recent } = count;
  const oldest = Math.floor(now / 1000) - RATE_SECONDS;
  // The list has holes where a second had no message.
  const inTime = recent.filter((slot) => slot.second > oldest).reduce((sum, slot) => sum + slot.count, 0);
  return { topic, messages, payloadBytes, perSecond: inTime / RATE_SECONDS, isRetained, lastAt, lastNumber };
}
