import { memoryStore } from '@omqtt/store-memory';
import { describe, expect, test } from 'vitest';
import type { LostMessage } from '../../src/index.ts';
import { connected, watch } from './bench.ts';

describe('a message that nobody waits for', () => {
  test('is shown when it does not arrive, whatever the one who looks on does', async () => {
    const store = memoryStore();
    const first = await connected({ store });
    await first.client.enqueue('a', 'x', { qos: 2 });
    await first.client.enqueue('b', 'x', { qos: 1 });
    await first.broker.expect('publish');
    await first.client.close();
    const lost: LostMessage[] = [];
    const onMessageLost = (event: LostMessage): void => {
      lost.push(event);
      throw new Error('a bug of the user');
    };
    const { client, broker } = await connected({ store, onMessageLost });
    expect(lost).toMatchObject([{ topic: 'a', qos: 2, error: { code: 'session-lost' } }]);
    await broker.expect('publish', { topic: 'b' });
    expect(client.isConnected).toBe(true);
  });

  test('is shown when it was refused after its wait was given up', async () => {
    const lost: LostMessage[] = [];
    const { client, broker, clock } = await connected({ onMessageLost: (event) => lost.push(event) });
    const published = watch(client.publish('a', 'x', { qos: 1, timeoutMs: 10 }));
    const { packetId = 0 } = await broker.expect('publish');
    await clock.settle(10);
    expect(published.error?.code).toBe('timed-out');
    expect(lost).toEqual([]);
    broker.send({ type: 'puback', packetId, reasonCode: 0x87 });
    await clock.settle();
    expect(lost).toMatchObject([{ topic: 'a', qos: 1, error: { code: 'publish-refused', reasonCode: 0x87 } }]);
  });
});
