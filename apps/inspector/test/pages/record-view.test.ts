import { compileFilter, Inspection } from '@omqtt/inspect';
import { seededRandom } from '@omqtt/testkit';
import { expect, test } from 'vitest';
import { RecordView } from '../../src/pages/record-view.ts';

const never = (): boolean => false;

function inspectionOf(maximumRecords: number): { inspection: Inspection; ping: (at: number) => void } {
  const inspection = new Inspection({ limits: { maximumRecords } });
  inspection.open('c', { at: 0, isPartial: true });
  return {
    inspection,
    // A PINGREQ, or every third time a PUBLISH.
    ping: (at) =>
      void inspection.bytes('c', 'c2s', {
        chunk: at % 3 === 0 ? Uint8Array.of(0x30, 3, 0, 1, 0x61) : Uint8Array.of(0xc0, 0),
        at,
      }),
  };
}

test.each(['', 'type:publish'])('positions of the list %j keep their meaning while the oldest go', (filter) => {
  const random = seededRandom(3);
  const { inspection, ping } = inspectionOf(100);
  const matches = compileFilter(filter).matches ?? never;
  const view = new RecordView(inspection.records, filter === '' ? undefined : (record) => matches(record));
  const known = new Map<number, number>();
  for (let at = 0; at < 6_000; at += 1) {
    ping(at);
    if (random.bool(0.9)) continue;
    expect(view.advance(never)).toBe(true);
    for (let position = view.first; position < view.end; position += 1) {
      const number = view.at(position)?.number as number;
      expect(known.get(position) ?? number).toBe(number);
      known.set(position, number);
      expect(view.positionOf(number)).toBe(position);
    }
  }
  expect(view.first).toBeGreaterThan(1000);
  expect([...known.values()]).toEqual([...known.values()].toSorted((one, other) => one - other));
});

test('a filter that is slow goes on where it stopped', () => {
  const { inspection, ping } = inspectionOf(10_000);
  for (let at = 0; at < 10_000; at += 1) ping(at);
  const view = new RecordView(inspection.records, ({ type }) => type === 'publish');
  let slices = 1;
  while (!view.advance(() => true)) slices += 1;
  expect(slices).toBeGreaterThan(30);
  expect(view.scanned).toBe(10_000);
  expect(view.end - view.first).toBe(3334);
});

test('a record that comes to fulfil the filter is put where it belongs, and taken out when it ceases to', () => {
  const { inspection, ping } = inspectionOf(100);
  for (let at = 0; at < 10; at += 1) ping(at);
  const chosen = new Set([2, 8]);
  const view = new RecordView(inspection.records, ({ number }) => chosen.has(number));
  view.advance(never);
  const record = inspection.records.get(5);
  chosen.add(5);
  expect(view.reconsider(record ? [record] : [])).toBe(true);
  expect([0, 1, 2].map((position) => view.at(position)?.number)).toEqual([2, 5, 8]);
  expect(view.reconsider(record ? [record] : [])).toBe(false);
  chosen.delete(5);
  expect(view.reconsider(record ? [record] : [])).toBe(true);
  expect(view.positionOf(5)).toBeUndefined();
  expect(view.positionOf(8)).toBe(1);
});
