import { expect, test } from 'vitest';
import type { Message } from 'omqtt';
import { LastValues } from '../../src/read/last-values.ts';

const value = (topic: string, bytes = 1, readAt = 0): { message: Message; readAt: number } => {
  return { message: { topic, payload: new Uint8Array(bytes) } as Message, readAt };
};

function filled(maximumMessages: number, maximumBytes: number): LastValues {
  const values = new LastValues({ waitMs: 1, maximumWaitMs: 1, maximumMessages, maximumBytes });
  for (const topic of ['a', 'b', 'c']) values.note(topic, value(topic, 10));
  return values;
}

test('the oldest gives way, by number and by bytes', () => {
  expect(['a', 'b', 'c'].filter((topic) => filled(2, 1000).get(topic, 1000, 0) !== undefined)).toEqual(['b', 'c']);
  expect(['a', 'b', 'c'].filter((topic) => filled(10, 22).get(topic, 1000, 0) !== undefined)).toEqual(['b', 'c']);
  expect(filled(10, 5).size).toBe(0);
});

test('is not told when it is too old, or taken back', () => {
  const values = filled(10, 1000);
  expect([values.get('a', 1000, 1000) !== undefined, values.get('a', 1000, 1001)]).toEqual([true, undefined]);
  values.note('a', undefined);
  expect(values.get('a', 1000, 0)).toBeUndefined();
});
