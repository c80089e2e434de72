import { describe, expect, test } from 'vitest';
import { aBridge } from '../a-bridge.ts';
import { withBroker } from '../with-broker.ts';

const json = { 'content-type': 'application/json' };

test('a retained message that will expire keeps its tag while its time runs down', async () => {
  const { bridge, broker } = await withBroker();
  const tagWith = async (expiry: number): Promise<string | null> => {
    await broker.publish({ topic: 'a', payload: 'x', retain: true, properties: { messageExpirySeconds: expiry } });
    return (await bridge.call('GET', '/v1/topics/a')).headers.get('etag');
  };
  expect(await tagWith(1000)).toBe(await tagWith(999));
});

describe('a problem', () => {
  test('names the trace of its request, and nothing that only looks like one', async () => {
    const { bridge } = await withBroker();
    const traceIdWith = async (traceparent: string): Promise<unknown> => {
      return (await bridge.call('POST', '/v1/topics/%23', { headers: { traceparent } })).body['traceId'];
    };
    const trace = '0af7651916cd43dd8448eb211c80319c';
    expect(await traceIdWith(`00-${trace}-b7ad6b7169203331-01`)).toBe(trace);
    expect(await traceIdWith('nonsense')).toBeUndefined();
  });

  test('of a body that is too large says how large one may be', async () => {
    const { bridge } = await withBroker({ http: { bodyLimitBytes: 1024 } });
    const { status, body } = await bridge.call('POST', '/v1/topics/a', { body: 'x'.repeat(2000) });
    expect([status, body['maximumPayloadBytes']]).toEqual([413, 1024]);
  });

  test('of an address that cannot be read has the headers of every answer', async () => {
    const { bridge } = await withBroker();
    const { status, headers } = await bridge.call('POST', '/v1/topics/%ff');
    expect([status, headers.get('x-content-type-options'), headers.get('cache-control')]).toEqual([
      400,
      'nosniff',
      'no-store',
    ]);
  });

  test('of a broker that is away says why, and not where it is', async () => {
    const bridge = await aBridge({ brokers: { default: { url: 'mqtt://127.0.0.1:1' } } });
    const { status, text } = await bridge.call('POST', '/v1/topics/a', { body: 'x' });
    expect(status).toBe(503);
    expect(text).not.toContain('127.0.0.1');
  });
});

test('a body that is no JSON is of the wrong media type where one is wanted', async () => {
  const { bridge } = await withBroker();
  for (const path of ['/v1/publish', '/v1/publish/batch', '/v1/requests']) {
    const { status, body } = await bridge.call('POST', path, { body: '{}', headers: { 'content-type': 'text/plain' } });
    expect([path, status, body['code']]).toEqual([path, 415, 'media-type-unsupported']);
  }
});

describe('members that are named like what every object inherits', () => {
  test('are not known, and change nothing', async () => {
    const { bridge } = await withBroker();
    for (const body of [
      '{"topic":"a","__proto__":{"qos":0}}',
      '{"__proto__":{"topic":"a"}}',
      '{"topic":"a","constructor":1}',
    ]) {
      const answer = await bridge.call('POST', '/v1/publish', { body, headers: json });
      expect([body, answer.status, answer.body['code']]).toEqual([body, 400, 'body-invalid']);
    }
    const batch = await bridge.call('POST', '/v1/publish/batch', {
      body: '{"__proto__":{"messages":[{"topic":"a"}]}}',
      headers: json,
    });
    expect(batch.body['code']).toBe('body-invalid');
    expect(Object.hasOwn(Object.prototype, 'topic')).toBe(false);
  });

  test('are as good as any other in a payload or a user property', async () => {
    const { bridge, client } = await withBroker();
    const all = client.subscribe('a', { qos: 1 });
    await all.ready;
    const body = '{"topic":"a","payloadJson":{"__proto__":{"x":1}},"properties":{"userProperties":{"__proto__":"y"}}}';
    expect((await bridge.call('POST', '/v1/publish', { body, headers: json })).status).toBe(200);
    const message = await all.next();
    expect([message.text(), message.userProperties]).toEqual(['{"__proto__":{"x":1}}', [['__proto__', 'y']]]);
  });
});

test('the answer names each preference that was applied', async () => {
  const { bridge } = await withBroker();
  const appliedOf = async (method: string, prefer: string): Promise<string | null> => {
    return (await bridge.call(method, '/v1/topics/a', { headers: { prefer } })).headers.get('preference-applied');
  };
  expect(await appliedOf('POST', 'wait=3')).toBe('wait=3');
  expect(await appliedOf('POST', 'return=minimal, wait=3')).toBe('return=minimal, wait=3');
  expect(await appliedOf('DELETE', 'wait=2')).toBe('wait=2');
  // Longer than the bridge waits for anyone, so this is not what it does.
  expect(await appliedOf('POST', 'wait=9999')).toBeNull();
  const envelope = { body: '{"topic":"a"}', headers: { ...json, prefer: 'wait=3' } };
  expect((await bridge.call('POST', '/v1/publish', envelope)).headers.get('preference-applied')).toBe('wait=3');
});
