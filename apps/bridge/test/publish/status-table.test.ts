import { scriptedBroker } from '@omqtt/testkit';
import { describe, expect, onTestFinished, test } from 'vitest';
import { aBridge } from '../a-bridge.ts';
import { openPage } from '../sockets/page.ts';
import { withBroker } from '../with-broker.ts';
import { publish, queued, scene } from './scene.ts';

const refusals = [
  [0x80, 502, 'upstream-unspecified', 'rejected'],
  [0x83, 422, 'upstream-refused', 'rejected'],
  [0x87, 403, 'not-authorized', 'rejected'],
  [0x90, 400, 'topic-invalid', 'rejected'],
  [0x91, 502, 'upstream-state', 'unknown'],
  [0x97, 429, 'upstream-quota', 'rejected'],
  [0x99, 422, 'payload-format', 'rejected'],
] as const;

describe('what the broker answers decides the status', () => {
  test.each(refusals)('PUBACK 0x%x is %i %s, %s', async (...[reasonCode, status, code, outcome]) => {
    const { broker, bridge } = await scene();
    const answering = publish(bridge);
    const { packetId = 0 } = await broker.expect('publish', { topic: 'a', qos: 1 });
    broker.send({ type: 'puback', packetId, reasonCode, properties: { reasonString: 'no\r\nway\u0007' } });
    const { status: seen, body } = await answering;
    expect([seen, body['code'], body['outcome']]).toEqual([status, code, outcome]);
    expect(body['mqtt']).toEqual({ packet: 'PUBACK', reasonCode, reasonString: 'noway', broker: 'default' });
  });

  test.each(refusals)('PUBREC 0x%x is %i %s, %s', async (...[reasonCode, status, code, outcome]) => {
    const { broker, bridge } = await scene();
    const answering = publish(bridge, '?qos=2');
    const { packetId = 0 } = await broker.expect('publish', { topic: 'a', qos: 2 });
    broker.send({ type: 'pubrec', packetId, reasonCode });
    const { status: seen, body } = await answering;
    expect([seen, body['code'], body['outcome']]).toEqual([status, code, outcome]);
  });

  test('a quota says when to try again', async () => {
    const { broker, bridge } = await scene();
    const answering = publish(bridge);
    const { packetId = 0 } = await broker.expect('publish');
    broker.send({ type: 'puback', packetId, reasonCode: 0x97 });
    expect((await answering).headers.get('retry-after')).toBe('1');
  });

  test.each([
    [0x00, true],
    [0x10, false],
  ])('PUBACK 0x%x is 200, with or without subscribers', async (reasonCode, matchingSubscribers) => {
    const { broker, bridge } = await scene();
    const answering = publish(bridge);
    const { packetId = 0 } = await broker.expect('publish');
    broker.send({ type: 'puback', packetId, reasonCode });
    expect(await answering).toMatchObject({
      status: 200,
      body: { reasonCode, matchingSubscribers, guarantee: 'broker-ack' },
    });
  });

  test('QoS 2 is 200 after PUBCOMP, not before', async () => {
    const { broker, bridge } = await scene();
    let isAnswered = false;
    const answering = publish(bridge, '?qos=2').finally(() => (isAnswered = true));
    const { packetId = 0 } = await broker.expect('publish');
    broker.send({ type: 'pubrec', packetId, reasonCode: 0 });
    await broker.expect('pubrel', { packetId });
    expect(isAnswered).toBe(false);
    broker.send({ type: 'pubcomp', packetId, reasonCode: 0 });
    expect(await answering).toMatchObject({ status: 200, body: { qos: 2, guarantee: 'broker-ack' } });
  });

  test('PUBCOMP 0x92 says that the broker knows it already', async () => {
    const { broker, bridge } = await scene();
    const answering = publish(bridge, '?qos=2');
    const { packetId = 0 } = await broker.expect('publish');
    broker.send({ type: 'pubrec', packetId, reasonCode: 0 });
    await broker.expect('pubrel', { packetId });
    broker.send({ type: 'pubcomp', packetId, reasonCode: 0x92 });
    expect(await answering).toMatchObject({ status: 200, body: { guarantee: 'broker-ack' } });
  });

  test.each([
    [0x80, 502, 'subscribe-failed'],
    [0x83, 502, 'subscribe-failed'],
    [0x87, 403, 'subscribe-not-authorized'],
    [0x8f, 400, 'subscribe-invalid'],
    [0x97, 429, 'subscribe-quota'],
    [0x9e, 422, 'subscribe-unsupported'],
    [0xa2, 422, 'subscribe-unsupported'],
  ])('SUBACK 0x%x is %i %s, for streams, sockets and reads', async (...[reasonCode, status, code]) => {
    const { bridge, broker } = await withBroker();
    const paths = ['/v1/events?filter=a&snapshot=none', '/v1/topics/a', '/v1/retained?filter=a', '/v1/topics/a?wait=1'];
    for (const path of paths) {
      broker.refuse({ packet: 'subscribe', reasonCode });
      const answer = await bridge.call('GET', path);
      expect([path, answer.status, answer.body['code']]).toEqual([path, status, code]);
      expect(answer.body['mqtt']).toMatchObject({ packet: 'SUBACK', reasonCode });
    }
    const page = await openPage(`${bridge.url}/v1/ws`);
    broker.refuse({ packet: 'subscribe', reasonCode });
    expect(await page.ask({ type: 'sub', id: 1, filters: ['a'] })).toMatchObject({ problem: { status, code } });
  });

  test('no answer in time is unknown', async () => {
    const { broker, bridge } = await scene({}, { publish: { ackTimeoutMs: 100 } });
    const answering = publish(bridge);
    await broker.expect('publish');
    expect(await answering).toMatchObject({
      status: 504,
      body: { code: 'ack-timeout', outcome: 'unknown', retryable: false },
    });
  });

  test('3.1.1 acknowledges what it has received, and that is all that is said', async () => {
    const { broker, bridge } = await scene(
      {},
      { brokers: { default: { url: 'mqtt://scripted', connections: 1, version: '3.1.1' } } },
    );
    const answering = publish(bridge, '?qos=1');
    const { packetId = 0 } = await broker.expect('publish');
    broker.send({ type: 'puback', packetId, reasonCode: 0 });
    expect(await answering).toMatchObject({ status: 200, body: { matchingSubscribers: null, ackMeaning: 'received' } });
  });
});

describe('what the broker cannot do is not sent', () => {
  test.each([
    ['qos', { maximumQoS: 1 as const }, '?qos=2', 1],
    ['retain', { retainAvailable: false }, '?retain=1', 0],
  ])('%s', async (...[capability, connack, query, maximum]) => {
    const { broker, bridge } = await scene(connack);
    const answer = await publish(bridge, query);
    expect([answer.status, answer.body['code'], answer.body['outcome']]).toEqual([
      422,
      'capability-unavailable',
      'not-sent',
    ]);
    expect(answer.body).toMatchObject({ capability, maximum });
    await broker.expectNothing();
  });

  test('a message larger than its packets', async () => {
    const { broker, bridge } = await scene({ maximumPacketBytes: 100 });
    const answer = await bridge.call('POST', '/v1/topics/a', { body: 'x'.repeat(100) });
    expect([answer.status, answer.body['code'], answer.body['outcome']]).toEqual([
      413,
      'payload-too-large',
      'not-sent',
    ]);
    expect(answer.body['maximumPacketBytes']).toBe(100);
    await broker.expectNothing();
  });
});

describe('a broker that is away', () => {
  test.each([0x88, 0x89, 0x9f, 0x86])(
    'CONNACK 0x%x is 503, not sent, with the time of the next attempt',
    async (reasonCode) => {
      const broker = scriptedBroker();
      onTestFinished(() => broker.cut());
      const bridge = await aBridge({
        brokers: { default: { url: 'mqtt://scripted', connections: 1 } },
        dial: broker.dial,
      });
      await broker.expect('connect');
      broker.send({ type: 'connack', sessionPresent: false, reasonCode });
      await broker.expectClosed();
      const answer = await publish(bridge);
      expect([answer.status, answer.body['code'], answer.body['outcome']]).toEqual([
        503,
        'broker-unavailable',
        'not-sent',
      ]);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(answer.body['mqtt']).toMatchObject({ packet: 'CONNACK', reasonCode });
    },
  );

  test('is not ready, but alive', async () => {
    const bridge = await aBridge({ brokers: { default: { url: 'mqtt://127.0.0.1:1' } } });
    const status = async (path: string): Promise<number> => (await fetch(`${bridge.adminUrl ?? ''}${path}`)).status;
    expect([await status('/livez'), await status('/readyz'), await status('/startupz')]).toEqual([200, 503, 503]);
  });
});

describe('the connection is lost', () => {
  test('before the message is sent: not sent', async () => {
    const { broker, bridge } = await scene();
    broker.cut();
    for (;;) {
      const { status } = await fetch(`${bridge.adminUrl ?? ''}/readyz`);
      if (status === 503) break;
    }
    expect(await publish(bridge)).toMatchObject({ status: 503, body: { outcome: 'not-sent' } });
  });

  test('while others wait for their turn: those were not sent, and the one on its way is unknown', async () => {
    const { broker, bridge } = await scene({ receiveMaximum: 1 }, { publish: { ackTimeoutMs: 400 } });
    const first = publish(bridge);
    await broker.expect('publish');
    const others = [publish(bridge), publish(bridge)];
    await queued(bridge, 2);
    await broker.expectNothing();
    broker.cut();
    for (const other of others) expect(await other).toMatchObject({ status: 503, body: { outcome: 'not-sent' } });
    expect(await first).toMatchObject({ status: 504, body: { outcome: 'unknown' } });
    const sent = broker.received.filter(({ packet }) => packet.type === 'publish' && !packet.dup);
    expect(sent).toHaveLength(1);
  });

  test('after PUBLISH, and the session is still there: it is sent again and accepted', async () => {
    const { broker, bridge } = await scene();
    const answering = publish(bridge);
    await broker.expect('publish', { dup: false });
    broker.cut();
    await broker.acceptConnection({ sessionPresent: true });
    const { packetId = 0 } = await broker.expect('publish', { dup: true });
    broker.send({ type: 'puback', packetId, reasonCode: 0 });
    expect(await answering).toMatchObject({ status: 200 });
  });

  test('after PUBLISH, and the session is gone: unknown, and not sent again', async () => {
    const { broker, bridge } = await scene();
    const answering = publish(bridge);
    await broker.expect('publish');
    broker.cut();
    await broker.acceptConnection({ sessionPresent: false });
    expect(await answering).toMatchObject({ status: 504, body: { code: 'ack-timeout', outcome: 'unknown' } });
    await broker.expectNothing();
  });

  test('after PUBREC, and the session is still there: it is finished, once', async () => {
    const { broker, bridge } = await scene();
    const answering = publish(bridge, '?qos=2');
    const { packetId = 0 } = await broker.expect('publish');
    broker.send({ type: 'pubrec', packetId, reasonCode: 0 });
    await broker.expect('pubrel');
    broker.cut();
    await broker.acceptConnection({ sessionPresent: true });
    await broker.expect('pubrel', { packetId });
    broker.send({ type: 'pubcomp', packetId, reasonCode: 0 });
    expect(await answering).toMatchObject({ status: 200 });
  });
});
