/** What leaves for the network when, from the first call to the goodbye. */
import { describe, expect, test } from 'vitest';
import { codeOf, connect, connected, newBench } from './bench.ts';

test('nothing leaves for the network before connect [parity O1, Z1]', async () => {
  const { client, clock, transport } = newBench();
  void codeOf(client.publish('a', 'x', { qos: 1 }));
  client.subscribe('a');
  await clock.settle(60_000);
  expect(transport.dials).toEqual([]);
});

describe('CONNECT', () => {
  test('says the same on every connection: the will, the limits and the properties [parity Z1, Z6, E49]', async () => {
    const will = { topic: 'gone', payload: 'me', qos: 1, retain: true, delaySeconds: 5 } as const;
    const { broker, clock } = await connected({
      clientId: 'me',
      keepAliveSeconds: 7,
      receiveMaximum: 5,
      topicAliasMaximum: 3,
      maximumPacketBytes: 1000,
      properties: { userProperties: [['a', 'b']], requestResponseInformation: true },
      will,
    });
    const first = broker.received[0]?.packet;
    expect(first).toMatchObject({
      keepAliveSeconds: 7,
      properties: {
        receiveMaximum: 5,
        topicAliasMaximum: 3,
        maximumPacketBytes: 1000,
        userProperties: [['a', 'b']],
        requestResponseInformation: true,
      },
      will: { topic: 'gone', qos: 1, retain: true, properties: { willDelaySeconds: 5 } },
    });
    broker.cut();
    await clock.settle(500);
    expect(await broker.expect('connect')).toEqual(first);
  });

  test('may go to another server by another transport after a disconnect [parity O3, E2]', async () => {
    const urls = ['mqtt://one.test', 'wss://two.test/mqtt'];
    const bench = newBench({ url: () => urls.shift() ?? '', clientId: 'me' });
    await connect(bench);
    await bench.client.disconnect();
    await bench.broker.expect('disconnect');
    await bench.broker.expectClosed();
    await connect(bench);
    const targets = bench.transport.dials.map(({ target }) => `${target.scheme} ${target.host}`);
    expect(targets).toEqual(['mqtt one.test', 'wss two.test']);
  });
});

describe('the goodbye', () => {
  test.each(['disconnect', 'close'] as const)(
    'of %s comes behind what was just published, at every QoS [parity O4, O5, B1]',
    async (goodbye) => {
      const { client, broker } = await connected();
      for (const qos of [0, 1, 2] as const) void codeOf(client.publish('a', `${qos}`, { qos }));
      await client[goodbye]();
      for (const qos of [0, 1, 2] as const) await broker.expect('publish', { qos, payload: `${qos}` });
      // Without the code that would set off the will.
      expect(await broker.expect('disconnect')).toMatchObject({ reasonCode: 0 });
      await broker.expectClosed();
    },
  );
});
