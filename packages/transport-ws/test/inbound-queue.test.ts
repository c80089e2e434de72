import { expect, test } from 'vitest';
import { InboundQueue } from '../src/inbound-queue.ts';

test('chunks come out in the order in which they went in', () => {
  const queue = new InboundQueue(10_000);
  for (const value of [1, 2, 3]) queue.add(Uint8Array.of(value));
  expect([queue.take(), queue.take()]).toEqual([Uint8Array.of(1), Uint8Array.of(2)]);
  queue.add(Uint8Array.of(4));
  expect([queue.take(), queue.take(), queue.take()]).toEqual([Uint8Array.of(3), Uint8Array.of(4), undefined]);
});

test('a chunk that would make it too large is not taken', () => {
  const queue = new InboundQueue(1000);
  expect(queue.add(new Uint8Array(872))).toBe(true); // 128 bytes are for the chunk itself
  expect(queue.add(new Uint8Array(1))).toBe(false);
  queue.take();
  expect(queue.isEmpty).toBe(true);
  expect(queue.add(new Uint8Array(873))).toBe(false);
});

test('tiny chunks count too', () => {
  const queue = new InboundQueue(1000);
  const taken = Array.from({ length: 20 }, () => queue.add(Uint8Array.of(1)));
  expect(taken.filter(Boolean)).toHaveLength(7);
});
