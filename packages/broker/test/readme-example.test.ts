import { startBroker } from '@omqtt/broker';
import { connect } from 'omqtt';
import { expect, test } from 'vitest';

test('a retained message waits for who subscribes', async () => {
  await using broker = await startBroker(); // TCP on 127.0.0.1 and a free port
  await broker.publish({ topic: 'oven/heat', payload: '215', retain: true });
  await using client = await connect(broker.url);
  expect((await client.subscribe('oven/+').next({ timeoutMs: 5000 })).text()).toBe('215');
});
