import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { encode } from '@omqtt/codec';
import { expect, test } from 'vitest';
import { Inspection } from '../src/index.ts';

const program = join(import.meta.dirname, 'stored-bytes-process.ts');
const at = Date.UTC(2026, 0, 1);

interface Measured {
  readonly length: number;
  readonly taken: number;
  readonly counted: number;
}

async function measure(kind: string): Promise<Measured> {
  const args = ['--expose-gc', '--conditions=@omqtt/source', program, kind];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as Measured;
}

test.each([
  ['small messages', 'small'],
  ['large messages', 'large'],
  ['messages with properties and their acknowledgements', 'acknowledged'],
  ['packets with findings', 'faulty'],
])('%s take as much memory as is counted for them', async (_, kind) => {
  const { length, taken, counted } = await measure(kind);
  expect(length).toBe(50_000);
  expect(taken / counted).toBeLessThan(1.3);
  expect(counted / taken).toBeLessThan(1.3);
});

test('an old record is decoded from its bytes when it is asked for, and says the same as when it was new', () => {
  const inspection = new Inspection();
  const send = (packetId: number): void => {
    const properties = { userProperties: [['name', String(packetId)] as const] };
    const payload = Uint8Array.of(packetId & 0xff);
    const message = { type: 'publish', topic: 'a/b', payload, qos: 1, retain: false, dup: false } as const;
    inspection.bytes('one', 'c2s', { chunk: encode({ ...message, packetId, properties }, '5.0'), at });
  };
  send(1);
  const [fresh] = inspection.records;
  const before = structuredClone(fresh?.packet);
  for (let count = 2; count < 3000; count += 1) send(count);
  expect(before).toMatchObject({ type: 'publish', packetId: 1 });
  expect(inspection.records.get(1)?.packet).toEqual(before);
});

test('findings that come later count, and the oldest records go for them', () => {
  const inspection = new Inspection({ limits: { maximumStoredBytes: 4000 } });
  const puback = encode({ type: 'puback', packetId: 7, reasonCode: 0 }, '5.0');
  for (let count = 0; count < 100; count += 1) inspection.bytes('one', 's2c', { chunk: puback, at });
  expect(inspection.records.storedBytes).toBeLessThanOrEqual(4000);
  expect(inspection.records.length).toBeGreaterThan(1);
  expect(inspection.records.length + inspection.records.dropped).toBe(100);
  inspection.records.clear();
  expect(inspection.records.storedBytes).toBe(0);
});
