import type { StoredMessage } from '@omqtt/contracts';
import { seededRandom } from '@omqtt/testkit';
import { expect, test } from 'vitest';
import { MessageLog } from '../src/message-log.ts';

function message(sequence: number, length = 1): StoredMessage {
  return { sequence, stage: 'waiting', topic: 'a', payload: new Uint8Array(length), qos: 1, retain: false };
}

test('after any puts and removals, reading finds what a plain list would have', () => {
  const random = seededRandom(7);
  const log = new MessageLog();
  const model = new Map<number, number>();
  for (let step = 0; step < 5000; step += 1) {
    // More removals than puts in the second half, so that the list of keys is tidied again and again.
    const sequence = random.int(1, 400);
    if (random.bool(step < 2500 ? 0.7 : 0.3)) {
      const length = random.int(0, 9);
      log.put(message(sequence, length));
      model.set(sequence, length);
    } else {
      log.remove(sequence);
      model.delete(sequence);
    }
    const [after, limit] = [random.int(0, 400), random.int(1, 20)];
    const expected = [...model.keys()].filter((key) => key > after).toSorted((a, b) => a - b);
    expect(log.read(after, limit).map((each) => each.sequence)).toEqual(expected.slice(0, limit));
    expect(log.size).toBe(model.size);
    expect(log.bytes).toBe([...model.values()].reduce((sum, length) => sum + length, 0));
  }
});

test('the highest sequence is remembered when its message is gone', () => {
  const log = new MessageLog();
  for (const sequence of [3, 9, 4]) log.put(message(sequence));
  for (const sequence of [3, 9, 4]) log.remove(sequence);
  expect([log.size, log.highest]).toEqual([0, 9]);
});

test('a window after the end, and one of no messages, are empty', () => {
  const log = new MessageLog();
  log.put(message(1));
  expect([log.read(1, 10), log.read(0, 0)]).toEqual([[], []]);
});
