/** Counts over all that was seen: topics, types, findings, round trips, seconds. Bounded, whatever the traffic does. */
import type { PacketRecord } from '@omqtt/inspect';
import type { SecondCount, StatisticsView, TopicRow, TypeCount } from '../api/tally-view.ts';
import { ClientCounts } from './client-counts.ts';
import { DurationHistogram } from './duration-histogram.ts';
import { FindingCounts } from './finding-counts.ts';
import { TopicCounts } from './topic-counts.ts';

const MOST_SECONDS = 3600;

type Open<Each> = { -readonly [Key in keyof Each]: Each[Key] };

export class Tally {
  readonly #topics = new TopicCounts();
  readonly #clients = new ClientCounts();
  readonly #types = new Map<string, Open<TypeCount>>();
  #endedConnections = 0;
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
    this.#clients.add(record);
    if (record.packet?.type === 'publish') this.#topics.add(record);
  }

  /** More is known of an earlier record. */
  change(record: PacketRecord): void {
    if (record.findings.length > 0) this.#countFindings(record);
  }

  opened(at: number): void {
    this.#second(at).opened += 1;
  }

  get endedConnections(): number {
    return this.#endedConnections;
  }

  closed(at: number): void {
    this.#second(at).closed += 1;
    this.#endedConnections += 1;
  }

  topics(now: number): { readonly topics: TopicRow[]; readonly left: number } {
    return this.#topics.view(now);
  }

  statistics(now: number): StatisticsView {
    const roundTrips = this.#roundTrips.view();
    return {
      types: [...this.#types.values()].toSorted((one, other) => other.c2s + other.s2c - one.c2s - one.s2c),
      ...(roundTrips && { roundTrips }),
      findings: this.#findings.view(),
      clients: this.#clients.view(),
      roots: this.#topics.roots(now),
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
    const found = this.#findings.count(record);
    this.#second(record.at).findings += found;
    if (found > 0) this.#clients.found(record, found);
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
