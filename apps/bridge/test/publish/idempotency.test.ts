import { scriptedBroker } from '@omqtt/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { aBridge, ready, type TestBridge } from '../a-bridge.ts';
import { withBroker } from '../with-broker.ts';

const post = (bridge: TestBridge, key: string, body = 'x'): ReturnType<TestBridge['call']> => {
  return bridge.call('POST', '/v1/topics/a', { body, headers: { 'idempotency-key': key } });
};

test('the same request again gets the same answer, and is published once', async () => {
  const { bridge, broker } = await withBroker();
  const before = broker.counters.publishReceived;
  const first = await post(bridge, 'k1');
  const again = await post(bridge, 'k1');
  expect([first.status, again.status, again.body['id']]).toEqual([200, 200, first.body['id']]);
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect(broker.counters.publishReceived - before).toBe(1);
});

test('another message with the same key is a mistake', async () => {
  const { bridge } = await withBroker();
  await post(bridge, 'k1', 'x');
  const other = await post(bridge, 'k1', 'y');
  expect([other.status, other.body['code'], other.body['outcome']]).toEqual([422, 'idempotency-mismatch', 'not-sent']);
});

test('the key of an envelope stands in its header or in itself, and is the same in both', async () => {
  const { bridge, broker } = await withBroker();
  const before = broker.counters.publishReceived;
  const publish = (envelope: object, header?: string): ReturnType<TestBridge['call']> => {
    const headers = { 'content-type': 'application/json', ...(header !== undefined && { 'idempotency-key': header }) };
    return bridge.call('POST', '/v1/publish', { body: JSON.stringify({ topic: 'a', ...envelope }), headers });
  };
  expect((await publish({}, 'k1')).body['replayed']).toBeUndefined();
  expect((await publish({ idempotencyKey: 'k1' })).body['replayed']).toBe(true);
  expect((await publish({ idempotencyKey: 'k1' }, 'k1')).body['replayed']).toBe(true);
  const both = await publish({ idempotencyKey: 'k2' }, 'k1');
  expect([both.status, both.body['code'], both.body['outcome']]).toEqual([400, 'parameter-conflict', 'not-sent']);
  expect(broker.counters.publishReceived - before).toBe(1);
});

test('who asks again in between is told to wait, and the answer is there when the acknowledgement is', async () => {
  const broker = scriptedBroker();
  onTestFinished(() => broker.cut());
  const brokers = { default: { url: 'mqtt://scripted', connections: 1 } };
  const bridge = await aBridge({ brokers, dial: broker.dial, publish: { ackTimeoutMs: 150 } });
  await broker.acceptConnection();
  await ready(bridge);
  const first = post(bridge, 'k1');
  const { packetId = 0 } = await broker.expect('publish');
  expect(await first).toMatchObject({ status: 504, body: { code: 'ack-timeout', outcome: 'unknown' } });
  expect(await post(bridge, 'k1')).toMatchObject({ status: 409, body: { code: 'idempotency-in-progress' } });
  broker.send({ type: 'puback', packetId, reasonCode: 0 });
  await broker.expectNothing();
  expect(await post(bridge, 'k1')).toMatchObject({ status: 200, body: { replayed: true } });
});

test('what was refused may be tried again with the same key', async () => {
  const { bridge, broker } = await withBroker();
  broker.refuse({ packet: 'publish', reasonCode: 0x97 });
  expect((await post(bridge, 'k1')).status).toBe(429);
  expect(await post(bridge, 'k1')).toMatchObject({ status: 200 });
});

test('each message of a batch, and of a stream, may have its own key', async () => {
  const { bridge, broker } = await withBroker();
  const before = broker.counters.publishReceived;
  const messages = [
    { topic: 'a', payload: '1', idempotencyKey: 'k1' },
    { topic: 'a', payload: '2', idempotencyKey: 'k2' },
    { topic: 'a', payload: 'other', idempotencyKey: 'k1' },
    { topic: 'a', payload: '3', idempotencyKey: '\u0000' },
  ];
  const batch = async (): Promise<readonly Readonly<Record<string, unknown>>[]> => {
    const headers = { 'content-type': 'application/json' };
    const { body } = await bridge.call('POST', '/v1/publish/batch', { body: JSON.stringify({ messages }), headers });
    return body['results'] as readonly Readonly<Record<string, unknown>>[];
  };
  const first = await batch();
  const again = await batch();
  expect(first.map(({ status }) => status)).toEqual([200, 200, 422, 400]);
  expect(again.map(({ status, replayed }) => [status, replayed])).toEqual([
    [200, true],
    [200, true],
    [422, undefined],
    [400, undefined],
  ]);
  expect(again.map(({ id }) => id)).toEqual(first.map(({ id }) => id));
  const answer = await bridge.call('POST', '/v1/publish/stream', {
    body: `${JSON.stringify(messages[0])}\n`,
    headers: { 'content-type': 'application/x-ndjson', prefer: 'receipts=all' },
  });
  expect(JSON.parse(answer.text.split('\n')[0] ?? '')).toMatchObject({ status: 200, replayed: true });
  expect(broker.counters.publishReceived - before).toBe(2);
});
