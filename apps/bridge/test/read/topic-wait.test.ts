import { describe, expect, test } from 'vitest';
import { withBroker } from '../with-broker.ts';

const PATIENCE = 'wait=20';

async function tagOf(bridge: Awaited<ReturnType<typeof withBroker>>['bridge']): Promise<string> {
  return (await bridge.call('GET', '/v1/topics/a')).headers.get('etag') ?? '';
}

describe('GET of a topic with wait', () => {
  test('answers when something else is retained, whatever else is published', async () => {
    const { bridge, client } = await withBroker();
    await client.publish('a', '1', { qos: 1, retain: true });
    const headers = { 'if-none-match': await tagOf(bridge) };
    const answering = bridge.call('GET', `/v1/topics/a?${PATIENCE}`, { headers });
    await until(async () => (await filters(bridge.adminUrl)) === 1);
    await client.publish('a', 'passing', { qos: 1 });
    await client.publish('a', '2', { qos: 1, retain: true });
    const answer = await answering;
    expect([answer.status, answer.text]).toEqual([200, '2']);
  });

  test('answers when something is retained at all', async () => {
    const { bridge, client } = await withBroker();
    const answering = bridge.call('GET', '/v1/topics/a', { headers: { prefer: PATIENCE } });
    await until(async () => (await filters(bridge.adminUrl)) === 1);
    await client.publish('a', '1', { qos: 1, retain: true });
    const answer = await answering;
    expect([answer.status, answer.text, answer.headers.get('preference-applied')]).toEqual([200, '1', 'wait=20']);
  });

  test('answers at once with what the caller does not have', async () => {
    const { bridge, client } = await withBroker();
    await client.publish('a', '1', { qos: 1, retain: true });
    const headers = { 'if-none-match': '"other"' };
    expect((await bridge.call('GET', `/v1/topics/a?${PATIENCE}`, { headers })).text).toBe('1');
    expect((await bridge.call('GET', `/v1/topics/a?${PATIENCE}`)).text).toBe('1');
  });

  test('is 404 when it is taken away meanwhile', async () => {
    const { bridge, client } = await withBroker();
    await client.publish('a', '1', { qos: 1, retain: true });
    const headers = { 'if-none-match': await tagOf(bridge) };
    const answering = bridge.call('GET', `/v1/topics/a?${PATIENCE}`, { headers });
    await until(async () => (await filters(bridge.adminUrl)) === 1);
    await client.publish('a', '', { qos: 1, retain: true });
    expect((await answering).body['code']).toBe('no-retained');
  });

  test('is 304, or 404, when the time is over', async () => {
    const { bridge, client } = await withBroker({ retained: { maximumWaitMs: 300 } });
    await client.publish('a', '1', { qos: 1, retain: true });
    const headers = { 'if-none-match': await tagOf(bridge) };
    expect((await bridge.call('GET', `/v1/topics/a?${PATIENCE}`, { headers })).status).toBe(304);
    expect((await bridge.call('GET', `/v1/topics/nothing?${PATIENCE}`)).status).toBe(404);
  });

  test('counts as a stream, and ends when the bridge does', async () => {
    const { bridge, client } = await withBroker({ streams: { maximumStreams: 1 } });
    await client.publish('a', '1', { qos: 1, retain: true });
    const headers = { 'if-none-match': await tagOf(bridge) };
    const answering = bridge.call('GET', `/v1/topics/a?${PATIENCE}`, { headers });
    await until(async () => (await filters(bridge.adminUrl)) === 1);
    expect((await bridge.call('GET', `/v1/topics/a?${PATIENCE}`, { headers })).body['code']).toBe('stream-limit');
    await bridge.close();
    expect((await answering).status).toBe(304);
  });

  test.each(['wait=x', 'wait=-1', 'maxAge=x', 'maxAge=-1', 'maxAge=1.5'])('%s is refused', async (query) => {
    const { bridge } = await withBroker();
    expect((await bridge.call('GET', `/v1/topics/a?${query}`)).body['code']).toBe('parameter-invalid');
  });
});

describe('GET of a topic with maxAge', () => {
  test('is what was read before, and says how old it is', async () => {
    const { bridge, client } = await withBroker();
    await client.publish('a', '1', { qos: 1, retain: true });
    expect((await bridge.call('GET', '/v1/topics/a?maxAge=60')).text).toBe('1');
    await client.publish('a', '2', { qos: 1, retain: true });
    const answer = await bridge.call('GET', '/v1/topics/a?maxAge=60');
    expect([answer.text, answer.headers.get('age')]).toEqual(['1', '0']);
    expect((await bridge.call('GET', '/v1/topics/a?maxAge=0')).text).toBe('2');
    expect((await bridge.call('GET', '/v1/topics/a?maxAge=60')).text).toBe('2');
  });
});

describe('conditional requests', () => {
  test('know each form by its own tag, and * by any', async () => {
    const { bridge, client } = await withBroker();
    await client.publish('a', '1', { qos: 1, retain: true });
    const accept = 'application/json';
    const [raw, envelope] = [
      await tagOf(bridge),
      (await bridge.call('GET', '/v1/topics/a', { headers: { accept } })).headers.get('etag') ?? '',
    ];
    expect(raw).not.toBe(envelope);
    const status = async (tag: string, more: Record<string, string> = {}, method = 'GET'): Promise<number> => {
      return (await bridge.call(method, '/v1/topics/a', { headers: { 'if-none-match': tag, ...more } })).status;
    };
    expect([await status(raw), await status(envelope), await status('*')]).toEqual([304, 200, 304]);
    expect([await status(envelope, { accept }), await status(raw, { accept })]).toEqual([304, 200]);
    expect([await status(raw, {}, 'HEAD'), await status('"x"', {}, 'HEAD')]).toEqual([304, 200]);
  });

  test('304 has what an answer with a body would say about itself', async () => {
    const { bridge, client } = await withBroker();
    await client.publish('a', '1', { qos: 1, retain: true });
    const etag = await tagOf(bridge);
    const { headers } = await bridge.call('GET', '/v1/topics/a', { headers: { 'if-none-match': etag } });
    expect([headers.get('etag'), headers.get('vary'), headers.get('cache-control')]).toEqual([
      etag,
      'accept',
      'no-cache',
    ]);
  });
});

async function filters(adminUrl: string | undefined): Promise<number> {
  const text = await (await fetch(`${adminUrl ?? ''}/metrics`)).text();
  return Number(/^omqtt_hub_filters\{.*\} (\d+)$/m.exec(text)?.[1] ?? 0);
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 10));
}
