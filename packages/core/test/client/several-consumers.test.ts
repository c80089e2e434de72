import { describe, expect, test } from 'vitest';
import { connected } from './bench.ts';
import { subscribed } from './subscribed.ts';

describe('when one of several subscriptions to a filter leaves', () => {
  test('the options of the one that stays count again, without its retained messages anew', async () => {
    const bench = await connected();
    await subscribed(bench, 'a', { qos: 0, noLocal: true, identifier: 7 });
    const leaving = await subscribed(bench, 'a', { qos: 2, identifier: 8 });
    await leaving.unsubscribe();
    expect(await bench.broker.expect('subscribe')).toMatchObject({
      subscriptions: [{ filter: 'a', qos: 0, noLocal: true, retainHandling: 1 }],
      properties: { subscriptionIdentifier: 7 },
    });
  });

  test('a new session is asked for what the one that stays wants', async () => {
    const bench = await connected({ version: '3.1.1', clientId: 'mine' });
    await subscribed(bench, 'a', { qos: 0 });
    const leaving = await subscribed(bench, 'a', { qos: 2 });
    bench.broker.cut();
    leaving.detach();
    await bench.clock.settle(500);
    await bench.broker.acceptConnection();
    await bench.broker.expect('subscribe', { subscriptions: [{ filter: 'a', qos: 0 }] });
    expect(bench.broker.received.filter(({ packet }) => packet.type === 'subscribe')).toHaveLength(3);
  });

  test.each([
    { what: 'its options were not in force', stays: { qos: 2 }, leaves: { qos: 0 }, isFirst: true },
    { what: 'the other has the same ones', stays: { qos: 1 }, leaves: { qos: 1 }, isFirst: false },
  ] as const)('nothing is sent when $what', async ({ stays, leaves, isFirst }) => {
    const bench = await connected();
    const first = await subscribed(bench, 'a', isFirst ? leaves : stays);
    const second = await subscribed(bench, 'a', isFirst ? stays : leaves);
    await (isFirst ? first : second).unsubscribe();
    await bench.broker.expectNothing();
    expect((isFirst ? second : first).isEnded).toBe(false);
  });

  test('the one that stays is subscribed again after the other was refused', async () => {
    const { client, broker, clock } = await connected();
    const stays = await subscribed({ client, broker }, 'a', { qos: 0 });
    const refused = client.subscribe('a', { qos: 2 });
    const { packetId } = await broker.expect('subscribe');
    broker.send({ type: 'suback', packetId, reasonCodes: [0x87] });
    await clock.settle();
    expect(refused.isEnded).toBe(true);
    await broker.expect('subscribe', { subscriptions: [{ filter: 'a', qos: 0 }] });
    expect(stays.isEnded).toBe(false);
  });

  test('the one that stays ends with an error when the server refuses what it wanted', async () => {
    const bench = await connected();
    const stays = await subscribed(bench, 'a', { qos: 0 });
    const leaving = await subscribed(bench, 'a', { qos: 2 });
    await leaving.unsubscribe();
    const { packetId } = await bench.broker.expect('subscribe');
    bench.broker.send({ type: 'suback', packetId, reasonCodes: [0x87] });
    await expect(stays.next()).rejects.toMatchObject({ code: 'subscribe-refused' });
  });
});
