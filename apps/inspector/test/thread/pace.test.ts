import { expect, test } from 'vitest';
import { Pace } from '../../src/thread/pace.ts';
import { createRing, RingReader, RingWriter } from '../../src/thread/ring.ts';

function filled(): { readonly pace: Pace; readonly reader: RingReader; readonly write: (count: number) => void } {
  const ring = createRing(262_144);
  const [writer, reader] = [new RingWriter(ring), new RingReader(ring)];
  const bytes = new Uint8Array(10_000);
  const write = (count: number): void => {
    for (let each = 0; each < count; each += 1) {
      writer.write({ kind: 'bytes', direction: 0, connection: 1, at: 1, bytes });
    }
  };
  return { pace: new Pace(reader), reader, write };
}

test('decoding rests while bytes come and there is room for them', () => {
  const { pace, reader, write } = filled();
  write(5);
  expect(pace.restMs(10)).toBeGreaterThan(0);
  write(1);
  reader.read();
  expect(pace.restMs(10)).toBeGreaterThan(0);
});

test('decoding does not rest when nothing more comes', () => {
  const { pace, reader, write } = filled();
  write(5);
  pace.restMs(10);
  reader.read();
  expect(pace.restMs(10)).toBe(0);
});

test('decoding does not rest when half of the room is taken, though bytes come', () => {
  const { pace, reader, write } = filled();
  write(15);
  expect(pace.restMs(10)).toBe(0);
  write(1);
  expect(pace.restMs(10)).toBe(0);
  for (let each = 0; each < 8; each += 1) reader.read();
  write(1);
  expect(pace.restMs(10)).toBeGreaterThan(0);
});

test('the less waits, the longer decoding rests', () => {
  const { pace, write } = filled();
  write(1);
  const first = pace.restMs(10);
  write(8);
  expect(pace.restMs(10)).toBeLessThan(first);
});

test('decoding does not rest when what it reads came long ago, however little waits', () => {
  const { pace, write } = filled();
  write(1);
  expect(pace.restMs(10)).toBeGreaterThan(0);
  write(1);
  expect(pace.restMs(1500)).toBe(0);
});
