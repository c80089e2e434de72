import { expect, test } from 'vitest';
import { harness } from './harness.ts';

const { omqtt, broker } = await harness();

test.each([
  ['-W', '99999d', 'at most 24 days'],
  ['-k', '100000', 'at most 65535s'],
])('a time that is too long is refused with the longest one, and does not end at once: %s %s', async (...given) => {
  const [option, time, told] = given;
  const { status, stderr } = await omqtt.run(['sub', '-L', broker.url, '-t', 'b', option, time]);
  expect([status, stderr]).toEqual([2, expect.stringContaining(told)]);
});
