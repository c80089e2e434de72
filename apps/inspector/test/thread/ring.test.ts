import { createHash } from 'node:crypto';
import { seededRandom } from '@omqtt/testkit';
import { expect, test } from 'vitest';
import { Feed } from '../../src/thread/feed.ts';
import { createRing, RingReader, RingWriter, type Entry } from '../../src/thread/ring.ts';

test('what is written is read in its order, wherever the ring ends meanwhile', () => {
  const random = seededRandom(1);
  const ring = createRing(262_144);
  const [writer, reader] = [new RingWriter(ring), new RingReader(ring)];
  const written: string[] = [];
  const read: string[] = [];
  for (let turn = 0; turn < 2000; turn += 1) {
    const entry: Entry = {
      kind: random.pick(['open', 'bytes', 'gap', 'close'] as const),
      direction: random.pick([0, 1] as const),
      connection: random.int(0, 0xffff_ffff),
      at: 1.7e12 + random.next(),
      bytes: new Uint8Array(random.int(0, 20_000)).fill(turn),
    };
    if (writer.write(entry)) written.push(digestOf(entry));
    // An entry counts until the next one is read.
    if (random.bool(0.48) && read.length < written.length) read.push(digestOf(reader.read()));
  }
  while (read.length < written.length) read.push(digestOf(reader.read()));
  expect(reader.read()).toBeUndefined();
  expect(written.length).toBeGreaterThan(500);
  expect(read).toEqual(written);
});

/** Many large arrays take long to compare. */
function digestOf(entry: Entry | undefined): string {
  if (!entry) return 'nothing';
  const { kind, direction, connection, at, bytes } = entry;
  return `${kind} ${direction} ${connection} ${at} ${createHash('sha1').update(bytes).digest('hex')}`;
}

test('head and tail go on behind the largest number', () => {
  const ring = createRing(262_144);
  // As after four gigabytes.
  new Int32Array(ring, 0, 2).fill(-64);
  const [writer, reader] = [new RingWriter(ring), new RingReader(ring)];
  const entry: Entry = { kind: 'bytes', direction: 1, connection: 7, at: 1, bytes: new Uint8Array(1000).fill(9) };
  expect(writer.write(entry)).toBe(true);
  expect(writer.used).toBe(1024);
  expect(reader.read()).toEqual(entry);
  expect(writer.used).toBe(1024);
  expect(reader.read()).toBeUndefined();
  expect(writer.used).toBe(0);
});

test('what was read stays as it is until the next is read, however much comes', () => {
  const ring = createRing(262_144);
  const [writer, reader] = [new RingWriter(ring), new RingReader(ring)];
  const entry = { kind: 'bytes', direction: 0, connection: 1, at: 1 } as const;
  writer.write({ ...entry, bytes: new Uint8Array(20_000).fill(7) });
  const read = reader.read();
  while (writer.write({ ...entry, bytes: new Uint8Array(20_000).fill(9) }));
  expect(new Set(read?.bytes)).toEqual(new Set([7]));
});

test('a full ring refuses bytes, keeps room for ends, and the hole is told where it was', () => {
  const ring = createRing(262_144);
  const feed = new Feed(ring, () => {});
  const reader = new RingReader(ring);
  const connection = feed.open({ kind: 'mqtt', client: 'c', server: 's' });
  const chunk = new Uint8Array(30_000);
  for (let count = 0; count < 20; count += 1) connection.bytes('c2s', chunk);
  expect(feed.skippedBytes).toBeGreaterThan(0);
  const skipped = feed.skippedBytes;
  const before: string[] = [];
  for (let entry = reader.read(); entry; entry = reader.read()) before.push(entry.kind);
  connection.bytes('s2c', Uint8Array.of(1));
  connection.close('client');
  expect(new Set(before)).toEqual(new Set(['open', 'bytes']));
  const hole = reader.read();
  expect(hole?.kind).toBe('gap');
  expect(Number(new TextDecoder().decode(hole?.bytes))).toBe(skipped);
  expect(reader.read()).toMatchObject({ kind: 'bytes', direction: 1, bytes: Uint8Array.of(1) });
  expect(reader.read()).toMatchObject({ kind: 'close', bytes: Uint8Array.of(1) });
});

test('the reader is woken once for each sleep', () => {
  const ring = createRing(262_144);
  let wakes = 0;
  const feed = new Feed(ring, () => (wakes += 1));
  const reader = new RingReader(ring);
  expect(reader.sleep()).toBe(false);
  const connection = feed.open({ kind: 'mqtt', client: 'c', server: 's' });
  connection.bytes('c2s', Uint8Array.of(1));
  expect(wakes).toBe(1);
  expect(reader.sleep()).toBe(true);
});
