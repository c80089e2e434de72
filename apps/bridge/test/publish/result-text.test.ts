import { expect, test } from 'vitest';
import type { PublishResult } from '../../src/publish/publisher.ts';
import { resultText } from '../../src/publish/result-text.ts';

const result: PublishResult = {
  id: '0192f3c0-7a4e-7bd1-9f3a-2c6f0d9a1b77',
  topic: 'a "quoted"\\\u2028\u0001 😀',
  broker: 'main',
  qos: 1,
  reasonCode: 16,
  reason: 'No matching subscribers',
  guarantee: 'broker-ack',
  matchingSubscribers: false,
  ackMs: 0.412,
};

test.for<PublishResult>([
  result,
  { ...result, ackMeaning: 'received', matchingSubscribers: null },
  { ...result, ackMs: 0, guarantee: 'persisted', replayed: true },
])('a result is the same JSON as if it had been made the usual way', (one) => {
  expect(JSON.parse(resultText(one))).toEqual(one);
});
