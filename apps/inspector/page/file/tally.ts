/** Counts over the records of a file: what rail, topics, statistics and timeline show. */
import type { ConnectionView, PacketRecord } from '@omqtt/inspect';
import type { ConnectionRow } from '../../src/api/messages.ts';
import type { SecondCount, StatisticsView, TopicRow, TypeCount } from '../../src/api/tally-view.ts';

/** Topics that are listed; of the others it is said how many there are. */
const MOST_TOPICS = 500;
const RATE_SECONDS = 10;
const MOST_SECONDS = 600;

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

export function connectionRows(views: readonly ConnectionView[], records: Iterable<PacketRecord>): ConnectionRow[] {
  const counts = new Map(views.map(({ id }) => [id, { errors: 0, warnings: 0 }]));
  for (const { connection, findings } of records) {
    const count = findings.length > 0 ? counts.get(connection) : undefined;
    if (!count) continue;
    for (const { severity } of findings) {
      if (severity === 'error') count.errors += 1;
      if (severity === 'warning') count.warnings += 1;
    }
  }
  return views.map(({ id, clientId, version, openedAt, closedAt, ending, packets, subscriptions }) => ({
    id,
    openedAt,
    packets: packets.c2s + packets.s2c,
    subscriptions: subscriptions.length,
    ...(counts.get(id) ?? { errors: 0, warnings: 0 }),
    ...(clientId !== undefined && { clientId }),
    ...(version !== undefined && { version }),
    ...(closedAt !== undefined && { closedAt }),
    ...(ending !== undefined && { ending }),
  }));
}

export function topicRows(records: Iterable<PacketRecord>, now: number): { topics: TopicRow[]; left: number } {
  const rows = new Map<string, Writable<TopicRow>>();
  for (const { packet, topic, at, number } of records) {
    if (packet?.type !== 'publish' || topic === undefined) continue;
    const row = rows.get(topic) ?? newTopic(topic);
    rows.set(topic, row);
    row.messages += 1;
    row.payloadBytes += packet.payload?.length ?? 0;
    if (at > now - RATE_SECONDS * 1000) row.perSecond += 1 / RATE_SECONDS;
    Object.assign(row, { lastAt: at, lastNumber: number, isRetained: packet.retain === true });
  }
  const sorted = [...rows.values()].toSorted((one, other) => other.messages - one.messages);
  const topics = sorted
    .slice(0, MOST_TOPICS)
    .map((row) => ({ ...row, perSecond: Math.round(row.perSecond * 10) / 10 }));
  return { topics, left: sorted.length - topics.length };
}

function newTopic(topic: string): Writable<TopicRow> {
  return { topic, messages: 0, payloadBytes: 0, perSecond: 0, isRetained: false, lastAt: 0, lastNumber: 0 };
}

export function statisticsOf(records: Iterable<PacketRecord>): StatisticsView {
  const types = new Map<string, Writable<TypeCount>>();
  const findings = new Map<string, { id: string; count: number; message: string }>();
  const times: number[] = [];
  for (const record of records) {
    const { type, direction, size, pair, number } = record;
    const count = types.get(type) ?? { type, c2s: 0, s2c: 0, bytes: 0 };
    types.set(type, count);
    count[direction] += 1;
    count.bytes += size;
    const isEnd = pair?.status === 'done' && pair.steps.at(-1)?.number === number;
    if (isEnd && pair.roundTripMs !== undefined) times.push(pair.roundTripMs);
    for (const { id, message } of record.findings) {
      const found = findings.get(id) ?? { id, count: 0, message };
      findings.set(id, found);
      found.count += 1;
    }
  }
  const roundTrips = percentiles(times);
  return {
    types: [...types.values()],
    findings: [...findings.values()].toSorted((one, other) => other.count - one.count),
    ...(roundTrips && { roundTrips }),
  };
}

function percentiles(times: readonly number[]): StatisticsView['roundTrips'] {
  const sorted = times.toSorted((one, other) => one - other);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return sorted.length === 0 ? undefined : { count: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}

/** The last seconds. */
export function secondCounts(records: Iterable<PacketRecord>, views: readonly ConnectionView[]): SecondCount[] {
  const seconds = new Map<number, Writable<SecondCount>>();
  const secondOf = (at: number): Writable<SecondCount> => {
    const second = Math.floor(at / 1000);
    const count = seconds.get(second) ?? { second, c2s: 0, s2c: 0, findings: 0, opened: 0, closed: 0 };
    seconds.set(second, count);
    return count;
  };
  for (const { at, direction, findings } of records) {
    const count = secondOf(at);
    count[direction] += 1;
    count.findings += findings.length;
  }
  for (const { openedAt, closedAt } of views) {
    secondOf(openedAt).opened += 1;
    if (closedAt !== undefined) secondOf(closedAt).closed += 1;
  }
  return [...seconds.values()].toSorted((one, other) => one.second - other.second).slice(-MOST_SECONDS);
}
