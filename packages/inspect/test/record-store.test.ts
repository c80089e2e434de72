import { encode, type Packet } from '@omqtt/codec';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { seededRandom } from '@omqtt/testkit';
import { expect, test } from 'vitest';
import { changedRecord, Inspection, type PacketRecord } from '../src/index.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function memoryInUse(): number {
  for (let round = 0; round < 4; round += 1) collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const publish = { type: 'publish', topic: 'sensors/1/temperature', retain: false, dup: false } as const;
const payload = new Uint8Array(64);
const filters = Array.from({ length: 50 }, (_, index) => ({
  filter: `a/${index}`,
  qos: 1,
  noLocal: false,
  retainAsPublished: false,
  retainHandling: 0,
}));
const packets: Readonly<Record<string, Packet>> = {
  'small messages': { ...publish, payload, qos: 0 },
  'messages with properties': {
    ...publish,
    payload,
    qos: 0,
    properties: { contentType: 'text/plain', userProperties: [['name', 'value'] as [string, string]] },
  },
  'long lists of filters': { type: 'subscribe', packetId: 1, subscriptions: filters as never },
  pings: { type: 'pingreq' },
};

test.each(Object.keys(packets))('the memory of %s is counted at no less than it is, and not at twice of it', (kind) => {
  const bytes = encode(packets[kind] as Packet, '5.0');
  const inspection = new Inspection();
  const most = kind.startsWith('long') ? 2000 : 50_000;
  const tell = (count: number): void => {
    for (let sent = 0; sent < count; sent += 1) inspection.bytes('tcp-1', 'c2s', { chunk: bytes, at: sent });
    inspection.takeChanged();
  };
  tell(most / 10);
  const [counted, used] = [inspection.records.storedBytes, memoryInUse()];
  tell(most);
  const [more, moreUsed] = [inspection.records.storedBytes - counted, memoryInUse() - used];
  expect(more).toBeGreaterThan(moreUsed * 0.95);
  expect(more).toBeLessThan(moreUsed * 2);
});

test('what was found out about a record counts, and all of it is gone with the record', () => {
  const inspection = new Inspection({ limits: { maximumRecords: 1 } });
  const ping = encode({ type: 'pingreq' }, '5.0');
  inspection.open('tcp-1', { at: 0, isPartial: true });
  inspection.bytes('tcp-1', 'c2s', { chunk: ping, at: 1 });
  const before = inspection.records.storedBytes;
  inspection.bytes('tcp-1', 'c2s', { chunk: Uint8Array.of(0xc1, 0), at: 2 });
  expect(inspection.records.storedBytes).toBeGreaterThan(before);
  inspection.bytes('tcp-1', 'c2s', { chunk: ping, at: 3 });
  expect(inspection.records.length).toBe(1);
  expect(inspection.records.storedBytes).toBe(before);
});

/** What a record says, apart from how it is kept. */
function saidBy(record: PacketRecord | undefined): unknown {
  if (record === undefined) return undefined;
  const { bytes, packet } = record;
  return structuredClone(changedRecord(record, { packet, bytes: bytes.slice() }));
}

const long = (length: number): Uint8Array => encode({ ...publish, payload: new Uint8Array(length), qos: 0 }, '5.0');

test.each([1, 513, 700, 5000])('of at most %i records each says later what it said when it was new', (most) => {
  const random = seededRandom(most);
  const inspection = new Inspection({ limits: { maximumRecords: most } });
  const said: unknown[] = [];
  let at = 0;
  const tell = (connection: string, direction: 'c2s' | 's2c', bytes: Uint8Array): void => {
    at += 1;
    said.push(...inspection.bytes(connection, direction, { chunk: bytes, at }).map(saidBy));
    // Earlier ones of which more is known, or whose exchange went on.
    for (const record of inspection.takeChanged()) said[record.number - 1] = saidBy(record);
  };
  for (let step = 0; step < 3000; step += 1) {
    const connection = `tcp-${random.int(0, 5)}`;
    const packetId = random.int(1, 50);
    const topic = `t/${random.int(0, 2000)}`;
    const qos = random.int(0, 2) as 0 | 1 | 2;
    const kind = random.int(0, 9);
    if (kind < 5) {
      const message = { ...publish, topic, payload: new Uint8Array(random.int(0, 300)) };
      tell(connection, 'c2s', encode(qos === 0 ? { ...message, qos } : { ...message, qos, packetId }, '5.0'));
    } else if (kind < 8) tell(connection, 's2c', encode({ type: 'puback', packetId, reasonCode: 0 }, '5.0'));
    else if (kind === 8) tell(connection, 'c2s', long(random.int(4000, 9000)));
    else tell(connection, 'c2s', Uint8Array.of(0xc1, 0));
    if (step === 2000) inspection.records.clear();
  }
  const { records } = inspection;
  const first = records.at(0)?.number as number;
  expect(records.length).toBeLessThanOrEqual(most);
  expect(first + records.length - 1).toBe(said.length);
  expect([...records].map(saidBy)).toEqual(said.slice(first - 1));
  expect(records.slice(0, 3).map(({ number }) => number)).toEqual([first, first + 1, first + 2].slice(0, most));
  expect(records.get(first - 1)).toBeUndefined();
  expect(records.get(said.length + 1)).toBeUndefined();
});

test('past the limit the bytes of dropped packets are given back, of long ones one by one', () => {
  const limit = 16 * 1_048_576;
  const inspection = new Inspection({ limits: { maximumStoredBytes: limit } });
  const before = memoryInUse();
  for (let sent = 0; sent < 60; sent += 1) {
    for (const length of [1_000_000, 10, 10, 10]) {
      inspection.bytes('tcp-1', 'c2s', { chunk: long(length), at: sent });
    }
  }
  inspection.takeChanged();
  expect(inspection.records.storedBytes).toBeLessThanOrEqual(limit);
  expect(inspection.records.length + inspection.records.dropped).toBe(240);
  expect(memoryInUse() - before).toBeLessThan(limit * 1.15);
});

test('topics that never repeat are counted, and go with the records that had them', () => {
  const limit = 4 * 1_048_576;
  const inspection = new Inspection({ limits: { maximumStoredBytes: limit } });
  for (let sent = 0; sent < 3000; sent += 1) {
    const topic = `${sent}/${'x'.repeat(10_000)}`;
    const chunk = encode({ ...publish, topic, payload: new Uint8Array(0), qos: 0 }, '5.0');
    inspection.bytes('tcp-1', 'c2s', { chunk, at: sent });
  }
  const { records } = inspection;
  expect(records.storedBytes).toBeLessThanOrEqual(limit);
  // Twice: in the bytes, and as a text.
  expect(records.length * 20_000).toBeLessThan(limit * 1.15);
  expect(records.at(0)?.topic).toMatch(/^\d+\/x{10000}$/);
});
