import { memoryStore } from '@omqtt/store-memory';
import { expect, test } from 'vitest';
import { codeOf, connect, newBench } from './bench.ts';

test('what was accepted and not sent can be taken back, and the store forgets it', async () => {
  const store = memoryStore();
  const bench = newBench({ store });
  const first = await bench.client.enqueue('a', 'first', { qos: 1 });
  const second = await bench.client.enqueue('a', 'second', { qos: 1 });
  await expect(first.withdraw()).resolves.toBe(true);
  await expect(codeOf(first.receipt)).resolves.toBe('aborted');
  await expect(first.withdraw()).resolves.toBe(false);
  expect(bench.client.counts.waitingMessages).toBe(1);
  await bench.client.close();
  await expect(codeOf(second.receipt)).resolves.toBe('message-kept');
  const later = newBench({ store });
  await connect(later);
  await later.broker.expect('publish', { payload: 'second' });
  await later.broker.expectNothing();
});

test('what was sent goes on, whoever wants it back', async () => {
  const bench = newBench({ store: memoryStore() });
  await connect(bench);
  const message = await bench.client.enqueue('a', 'x', { qos: 1 });
  const { packetId = 0 } = await bench.broker.expect('publish');
  await expect(message.withdraw()).resolves.toBe(false);
  bench.broker.send({ type: 'puback', packetId, reasonCode: 0 });
  await expect(message.receipt).resolves.toMatchObject({ qos: 1 });
  await expect(message.withdraw()).resolves.toBe(false);
});
