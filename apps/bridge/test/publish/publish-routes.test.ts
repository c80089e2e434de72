import { startBroker } from '@omqtt/broker';
import { connect } from 'omqtt';
import { describe, expect, onTestFinished, test } from 'vitest';
import { aBridge, ready, type TestBridge } from '../a-bridge.ts';

async function setUp(): Promise<{
  bridge: TestBridge;
  next: () => ReturnType<ReturnType<Awaited<ReturnType<typeof connect>>['subscribe']>['next']>;
}> {
  const broker = await startBroker();
  const bridge = await aBridge({ brokers: { default: { url: broker.url } } });
  const client = await connect(broker.url);
  onTestFinished(async () => {
    await client.close();
    await broker.close();
  });
  const all = client.subscribe('#', { qos: 2, retainAsPublished: true });
  await all.ready;
  await ready(bridge);
  return { bridge, next: () => all.next({ timeoutMs: 3000 }) };
}

describe('publishing', () => {
  test('the body of POST is published as it is, and acknowledged by the broker before the answer', async () => {
    const { bridge, next } = await setUp();
    const answer = await bridge.call('POST', '/v1/topics/room/1', {
      body: '21.5',
      headers: { 'content-type': 'text/plain' },
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      topic: 'room/1',
      broker: 'default',
      qos: 1,
      reasonCode: 0,
      guarantee: 'broker-ack',
      matchingSubscribers: true,
    });
    expect(answer.headers.get('mqtt-message-id')).toBe(answer.body['id']);
    const message = await next();
    expect([message.topic, message.text(), message.qos, message.retain]).toEqual(['room/1', '21.5', 1, false]);
    expect(message.properties.contentType).toMatch(/^text\/plain/);
  });

  test('QoS 0 is accepted, not acknowledged', async () => {
    const { bridge, next } = await setUp();
    const answer = await bridge.call('POST', '/v1/topics/a?qos=0', { body: 'x' });
    expect([answer.status, answer.body['guarantee'], answer.body['matchingSubscribers']]).toEqual([
      202,
      'transport',
      null,
    ]);
    expect((await next()).qos).toBe(0);
  });

  test('PUT retains, and DELETE forgets', async () => {
    const { bridge, next } = await setUp();
    expect((await bridge.call('PUT', '/v1/topics/a', { body: 'x' })).status).toBe(200);
    expect((await next()).retain).toBe(true);
    expect((await bridge.call('DELETE', '/v1/topics/a')).status).toBe(204);
    expect((await next()).payload).toHaveLength(0);
  });

  test('headers become properties, in their order and with their repetitions', async () => {
    const { bridge, next } = await setUp();
    const headers: [string, string][] = [
      ['Mqtt-Qos', '2'],
      ['Mqtt-Payload-Format-Indicator', '1'],
      ['Mqtt-Message-Expiry', '60'],
      ['Mqtt-Response-Topic', 'answer%20to/me'],
      ['Mqtt-Correlation-Data', 'AQI='],
      [
        'Mqtt-User-Properties',
        Buffer.from(
          JSON.stringify([
            ['b', '1'],
            ['a', '2'],
            ['b', '3'],
          ]),
        ).toString('base64'),
      ],
      ['Mqtt-User-Property', '%C3%A4=%3D'],
    ];
    expect((await bridge.call('POST', '/v1/topics/a', { body: 'x', headers })).body['qos']).toBe(2);
    const { properties, qos } = await next();
    expect(qos).toBe(2);
    expect(properties).toMatchObject({
      payloadFormatIndicator: 1,
      messageExpirySeconds: 60,
      responseTopic: 'answer to/me',
      userProperties: [
        ['b', '1'],
        ['a', '2'],
        ['b', '3'],
        ['ä', '='],
      ],
    });
    expect([...(properties.correlationData ?? [])]).toEqual([1, 2]);
  });

  test('an envelope carries text, JSON or bytes, and pairs of user properties', async () => {
    const { bridge, next } = await setUp();
    const post = (body: object): ReturnType<TestBridge['call']> =>
      bridge.call('POST', '/v1/publish', {
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      });
    await post({ topic: 'a', payload: 'ä' });
    expect((await next()).text()).toBe('ä');
    await post({ topic: 'a', payloadJson: { b: [false] } });
    expect((await next()).text()).toBe('{"b":[false]}');
    await post({
      topic: 'a',
      payloadBase64: 'AP8=',
      properties: {
        userProperties: [
          ['x', '1'],
          ['x', '2'],
        ],
      },
    });
    const message = await next();
    expect([...message.payload]).toEqual([0, 255]);
    expect(message.userProperties).toEqual([
      ['x', '1'],
      ['x', '2'],
    ]);
  });

  test('a minimal answer has no body', async () => {
    const { bridge } = await setUp();
    const answer = await bridge.call('POST', '/v1/topics/a', { body: 'x', headers: { prefer: 'return=minimal' } });
    expect([answer.status, answer.text, answer.headers.get('preference-applied')]).toEqual([204, '', 'return=minimal']);
  });
});

describe('what is refused before anything is sent', () => {
  test.each([
    ['a wildcard in the topic', 'POST', '/v1/topics/a/%23', {}, 400, 'topic-invalid'],
    ['a NUL in the topic', 'POST', '/v1/topics/a%00', {}, 400, 'topic-invalid'],
    ['a topic that is not UTF-8', 'POST', '/v1/topics/%ff', {}, 400, 'topic-invalid'],
    ['an empty topic', 'POST', '/v1/topics/', {}, 400, 'topic-invalid'],
    ['QoS 3', 'POST', '/v1/topics/a?qos=3', {}, 400, 'parameter-invalid'],
    ['two values for one parameter', 'POST', '/v1/topics/a?qos=1', { 'mqtt-qos': '2' }, 400, 'parameter-conflict'],
    ['a payload that is not UTF-8 as it says', 'POST', '/v1/topics/a?pfi=1', {}, 422, 'payload-format'],
    ['an unknown broker', 'POST', '/v1/brokers/other/topics/a', {}, 404, 'broker-unknown'],
    ['an unknown encoding', 'POST', '/v1/topics/a', { 'content-encoding': 'lzma' }, 415, 'encoding-unsupported'],
    [
      'a body that is not what its encoding says',
      'POST',
      '/v1/topics/a',
      { 'content-encoding': 'gzip' },
      400,
      'request-invalid',
    ],
    ['an envelope that is no JSON', 'POST', '/v1/publish', { 'content-type': 'application/json' }, 400, 'body-invalid'],
    [
      'an envelope of another media type',
      'POST',
      '/v1/publish',
      { 'content-type': 'text/csv' },
      415,
      'media-type-unsupported',
    ],
    ['an unknown path', 'POST', '/v1/nowhere', {}, 404, 'not-found'],
    ['an unknown method', 'PATCH', '/v1/publish', {}, 405, 'method-not-allowed'],
  ] as const)('%s', async (...[, method, path, headers, status, code]) => {
    const bridge = await aBridge();
    const answer = await bridge.call(method, path, { body: Uint8Array.of(0xff), headers });
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(answer.body['type']).toBe(`https://omqtt.dev/problems/${code}`);
    expect(answer.body['instance']).toBe(`/requests/${answer.headers.get('x-request-id') ?? ''}`);
  });

  test('each wrong member of an envelope is named by its pointer', async () => {
    const bridge = await aBridge();
    const body = JSON.stringify({ qos: 7, retain: 1, payload: 'a', payloadJson: 1, properties: { colour: 'red' } });
    const answer = await bridge.call('POST', '/v1/publish', { body, headers: { 'content-type': 'application/json' } });
    expect(answer.status).toBe(400);
    expect((answer.body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer)).toEqual([
      '/topic',
      '/qos',
      '',
      '/retain',
      '/properties/colour',
    ]);
  });

  test('JSON that is nested too deeply to be written out again, whatever it is part of', async () => {
    const bridge = await aBridge();
    const body = `{"topic":"a","payloadJson":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
    const headers = { 'content-type': 'application/json' };
    const alone = await bridge.call('POST', '/v1/publish', { body, headers });
    expect([alone.status, alone.body['code'], alone.body['outcome']]).toEqual([400, 'body-invalid', 'not-sent']);
    expect(alone.body['errors']).toEqual([{ pointer: '/payloadJson', detail: 'is nested too deeply' }]);
    const batch = await bridge.call('POST', '/v1/publish/batch', { body: `{"messages":[${body}]}`, headers });
    expect(batch.body['results']).toMatchObject([{ status: 400, problem: { code: 'body-invalid' } }]);
  });

  test('a body that is larger than allowed, compressed or not', async () => {
    const { gzipSync } = await import('node:zlib');
    const bridge = await aBridge({ http: { bodyLimitBytes: 1000 } });
    const plain = await bridge.call('POST', '/v1/topics/a', { body: 'x'.repeat(1001) });
    expect([plain.status, plain.body['code'], plain.body['outcome']]).toEqual([413, 'payload-too-large', 'not-sent']);
    const headers = { 'content-encoding': 'gzip' };
    const bomb = await bridge.call('POST', '/v1/topics/a', { body: gzipSync('x'.repeat(1_000_000)), headers });
    expect([bomb.status, bomb.body['code']]).toEqual([413, 'payload-too-large']);
  });
});

test('the name of an encoding means the same in capitals', async () => {
  const { gzipSync } = await import('node:zlib');
  const { bridge, next } = await setUp();
  const sent = { body: gzipSync('21.5'), headers: { 'content-encoding': 'GZip' } };
  expect((await bridge.call('POST', '/v1/topics/a', sent)).status).toBe(200);
  expect((await next()).text()).toBe('21.5');
});
