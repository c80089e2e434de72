import { encode, type Packet } from '@omqtt/codec';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { Inspection } from '../src/index.ts';

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
  const most = kind.startsWith('long') ? 2000 : 10_000;
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
