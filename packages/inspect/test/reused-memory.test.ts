import { encode } from '@omqtt/codec';
import { seededRandom } from '@omqtt/testkit';
import { describe, expect, test } from 'vitest';
import { Inspection, type InspectionOptions, type PacketRecord } from '../src/index.ts';

const limits = { maximumStoredBytes: 400_000 };
const canReuse = 'transfer' in ArrayBuffer.prototype;

function inspect(options: InspectionOptions): (chunk: Uint8Array) => PacketRecord[] {
  const inspection = new Inspection({ limits, ...options });
  inspection.open('tcp-1', { at: 0, isPartial: true });
  return (chunk) => inspection.bytes('tcp-1', 'c2s', { chunk, at: 1 });
}

function message(fill: number, length: number): Uint8Array {
  const payload = new Uint8Array(length).fill(fill);
  return encode({ type: 'publish', topic: 'a', payload, qos: 0, dup: false, retain: false }, '5.0');
}

function bytesOf({ records }: Inspection): string[] {
  return Array.from(records, ({ number, bytes }) => `${number} ${Buffer.from(bytes).toString('base64')}`);
}

describe.skipIf(!canReuse)('memory that is reused', () => {
  test('has the same records in it as memory that is not, whatever their lengths', () => {
    const random = seededRandom(8);
    const [reused, plain] = [
      new Inspection({ limits, isMemoryReused: true }),
      new Inspection({ limits, isMemoryReused: false }),
    ];
    for (const each of [reused, plain]) each.open('tcp-1', { at: 0, isPartial: true });
    for (let turn = 0; turn < 400; turn += 1) {
      // Longer than 4096 bytes they have buffers of their own.
      const chunk = Buffer.concat(
        Array.from({ length: random.int(1, 20) }, () =>
          message(random.int(0, 255), random.int(0, random.bool(0.1) ? 9000 : 700)),
        ),
      );
      for (const each of [reused, plain]) each.bytes('tcp-1', 'c2s', { chunk, at: turn });
    }
    expect(reused.records.dropped).toBeGreaterThan(2000);
    expect(bytesOf(reused)).toEqual(bytesOf(plain));
  });

  test('is that of records that were dropped, which become empty and never show what came later', () => {
    const tell = inspect({ isMemoryReused: true });
    const [held] = tell(message(1, 100));
    for (let sent = 0; sent < 4000; sent += 1) tell(message(2, 500));
    expect(held?.bytes.length).toBe(0);
  });

  test('is left to the records of the last call, though they are dropped in it', () => {
    const tell = inspect({ isMemoryReused: true });
    const chunk = Buffer.concat(Array.from({ length: 4000 }, () => message(3, 500)));
    const records = tell(chunk);
    expect(records.map(({ bytes }) => bytes.length)).toEqual(records.map(({ size }) => size));
    expect(records[0]?.bytes.at(-1)).toBe(3);
  });
});

test('unless it is asked for, a record that was dropped keeps its bytes for whoever has it', () => {
  const tell = inspect({});
  const [held] = tell(message(1, 100));
  for (let sent = 0; sent < 4000; sent += 1) tell(message(2, 500));
  expect(Buffer.from(held?.bytes ?? []).equals(message(1, 100))).toBe(true);
});
