import { describe, expect, test } from 'vitest';
import { withBroker } from '../with-broker.ts';

describe('metrics', () => {
  test('count requests by route, and never name a topic', async () => {
    const { bridge } = await withBroker();
    await bridge.call('POST', '/v1/topics/very/secret', { body: 'x' });
    await bridge.call('POST', '/v1/topics/very/%23', { body: 'x' });
    const text = await (await fetch(`${bridge.adminUrl ?? ''}/metrics`)).text();
    expect(text).toContain('omqtt_http_requests_total{route="/v1/topics/*",method="POST",status="200"} 1');
    expect(text).toContain('omqtt_problems_total{code="topic-invalid"} 1');
    expect(text).toContain('omqtt_broker_connected{broker="default"} 1');
    expect(text).toContain('omqtt_http_request_duration_seconds_count 2');
    expect(text).not.toContain('secret');
  });
});

describe('metrics of messages', () => {
  test('say what became of each, whoever asked for it in which way', async () => {
    const { bridge, broker } = await withBroker();
    const headers = { 'content-type': 'application/json' };
    const keyed = JSON.stringify({ topic: 'a', idempotencyKey: 'k' });
    for (let time = 0; time < 2; time += 1) await bridge.call('POST', '/v1/publish', { body: keyed, headers });
    const messages = [{ topic: 'a', qos: 0 }, { topic: 'a', qos: 2 }, { topic: '#' }];
    await bridge.call('POST', '/v1/publish/batch', { body: JSON.stringify({ messages }), headers });
    broker.refuse({ packet: 'publish', reasonCode: 0x87 });
    expect((await bridge.call('POST', '/v1/topics/a', { body: 'x' })).status).toBe(403);
    await broker.close();
    let answer = await bridge.call('POST', '/v1/topics/a', { body: 'x' });
    while (answer.body['code'] !== 'broker-unavailable') {
      answer = await bridge.call('POST', '/v1/topics/a', { body: 'x' });
    }
    const text = await (await fetch(`${bridge.adminUrl ?? ''}/metrics`)).text();
    expect(text).toContain('omqtt_publish_total{broker="default",qos="0",outcome="accepted",reason="0"} 1\n');
    expect(text).toContain('omqtt_publish_total{broker="default",qos="1",outcome="accepted",reason="16"} 1\n');
    expect(text).toContain('omqtt_publish_total{broker="default",qos="2",outcome="accepted",reason="16"} 1\n');
    expect(text).toContain(
      'omqtt_publish_total{broker="default",qos="1",outcome="rejected",reason="not-authorized"} 1\n',
    );
    expect(text).toMatch(/total\{broker="default",qos="1",outcome="not-sent",reason="broker-unavailable"\} [1-9]/);
    expect(text).toContain('omqtt_publish_ack_seconds_count 2\n');
    expect(text).toContain('omqtt_idempotency_total{result="new"} 1\n');
    expect(text).toContain('omqtt_idempotency_total{result="replayed"} 1\n');
  });
});

describe('pages of other origins', () => {
  test('may call when they are on the list', async () => {
    const { bridge } = await withBroker({ http: { corsOrigins: ['https://good.example'] } });
    const preflight = (origin: string): ReturnType<typeof bridge.call> => {
      return bridge.call('OPTIONS', '/v1/topics/a', { headers: { origin, 'access-control-request-method': 'PUT' } });
    };
    const good = await preflight('https://good.example');
    expect([good.status, good.headers.get('access-control-allow-origin')]).toEqual([204, 'https://good.example']);
    expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
  });

  test('may not when there is no list', async () => {
    const { bridge } = await withBroker();
    const answer = await bridge.call('GET', '/v1/brokers', { headers: { origin: 'https://good.example' } });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });
});

test('a trace goes on in the user properties, unless the caller has set one', async () => {
  const { bridge, client } = await withBroker();
  const all = client.subscribe('#', { qos: 1 });
  await all.ready;
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  await bridge.call('POST', '/v1/topics/a', { body: 'x', headers: { traceparent, tracestate: 'a=1' } });
  expect((await all.next()).userProperties).toEqual([
    ['traceparent', traceparent],
    ['tracestate', 'a=1'],
  ]);
  await bridge.call('POST', '/v1/topics/a', {
    body: 'x',
    headers: { traceparent, 'mqtt-user-property': 'traceparent=own' },
  });
  expect((await all.next()).userProperties).toEqual([['traceparent', 'own']]);
  await bridge.call('POST', '/v1/topics/a', { body: 'x', headers: { traceparent: 'nonsense' } });
  expect((await all.next()).userProperties).toEqual([]);
});

test('the brokers say what they can, and not where they are', async () => {
  const { bridge } = await withBroker();
  const { body, text } = await bridge.call('GET', '/v1/brokers');
  expect(body).toMatchObject({
    brokers: [{ name: 'default', connected: true, version: '5.0', capabilities: { maximumQoS: 2 } }],
  });
  expect(text).not.toContain('127.0.0.1');
});
