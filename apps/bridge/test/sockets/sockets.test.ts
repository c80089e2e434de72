import { connect as connectTcp } from 'node:net';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createApiKey } from '../../src/access/api-keys.ts';
import { withBroker } from '../with-broker.ts';
import { openPage, refusedWith } from './page.ts';

describe('a socket', () => {
  test('subscribes, shows what is retained, and then what comes, until it unsubscribes', async () => {
    const { bridge, broker, client } = await withBroker();
    await broker.publish({ topic: 'a/kept', payload: 'old', retain: true });
    const page = await openPage(`${bridge.url}/v1/ws`);
    expect(await page.next()).toMatchObject({ type: 'ready', broker: 'default' });
    expect(await page.ask({ type: 'sub', id: 1, filters: ['a/#'] })).toMatchObject({
      type: 'ack',
      subscriptions: [{ filter: 'a/#', grantedQos: 1 }],
      resumed: false,
    });
    expect(await page.next()).toMatchObject({ type: 'msg', sub: 1, topic: 'a/kept', payload: 'old', retain: true });
    expect(await page.next()).toEqual({ type: 'snapshot-end', sub: 1, heuristic: true, messages: 1 });
    await client.publish('a/b', '{"x":1}', { qos: 1, properties: { contentType: 'application/json' } });
    const message = await page.next();
    expect(message).toMatchObject({ type: 'msg', sub: 1, topic: 'a/b', payload: { x: 1 }, encoding: 'json' });
    expect(message['cursor']).toMatch(/^v1\.l\./);
    expect(await page.ask({ type: 'unsub', id: 2, sub: 1 })).toEqual({ type: 'ack', id: 2 });
    await client.publish('a/b', 'unseen', { qos: 1 });
    expect(await page.ask({ type: 'unsub', id: 3, sub: 1 })).toMatchObject({ type: 'err' });
  });

  test('publishes, and is told what was guaranteed', async () => {
    const { bridge, client } = await withBroker();
    const all = client.subscribe('a', { qos: 1 });
    await all.ready;
    const page = await openPage(`${bridge.url}/v1/ws`);
    const message = { topic: 'a', payload: 'x', qos: 2, idempotencyKey: 'k' };
    const first = await page.ask({ type: 'pub', id: 'p', message });
    expect(first).toMatchObject({
      type: 'ack',
      status: 200,
      qos: 2,
      guarantee: 'broker-ack',
      matchingSubscribers: true,
    });
    expect((await all.next()).text()).toBe('x');
    expect(await page.ask({ type: 'pub', id: 'p', message })).toMatchObject({
      replayed: true,
      messageId: first['messageId'],
    });
    expect(await page.ask({ type: 'pub', id: 'q', message: { topic: 'a', qos: 0 } })).toMatchObject({ status: 202 });
  });

  test('need not get back what it has published itself', async () => {
    const { bridge } = await withBroker();
    const [own, other] = [await openPage(`${bridge.url}/v1/ws`), await openPage(`${bridge.url}/v1/ws`)];
    await own.ask({ type: 'sub', id: 1, filters: ['a'], snapshot: 'none', noLocal: true });
    await own.ask({ type: 'pub', id: 2, message: { topic: 'a', payload: 'own' } });
    await other.ask({ type: 'pub', id: 3, message: { topic: 'a', payload: 'other' } });
    expect(await own.next()).toMatchObject({ type: 'msg', payload: 'other' });
  });

  test('goes on after a cursor, and hears of what it cannot know', async () => {
    const { bridge, client } = await withBroker();
    const page = await openPage(`${bridge.url}/v1/ws`);
    const sub = { type: 'sub', filters: ['a'], snapshot: 'none' };
    await page.ask({ ...sub, id: 1 });
    await client.publish('a', '1', { qos: 1 });
    const { cursor } = await page.next();
    await client.publish('a', '2', { qos: 1 });
    const again = await openPage(`${bridge.url}/v1/ws`);
    expect(await again.ask({ ...sub, id: 1, since: cursor })).toMatchObject({ resumed: true });
    expect(await again.next()).toMatchObject({ payload: '2' });
    expect(await again.ask({ ...sub, id: 2, since: 'nonsense' })).toMatchObject({ resumed: false });
    expect(await again.next()).toMatchObject({ type: 'gap', sub: 2, reason: 'epoch-changed', missed: null });
  });

  test.each([
    ['what is no JSON', 'nonsense', undefined, 'body-invalid'],
    ['a list', '[]', undefined, 'body-invalid'],
    ['no id', '{"type":"pub"}', undefined, 'body-invalid'],
    ['a long id', `{"type":"pub","id":"${'x'.repeat(101)}"}`, undefined, 'body-invalid'],
    ['an unknown type', '{"type":"x","id":1}', 1, 'body-invalid'],
    ['no message', '{"type":"pub","id":1}', 1, 'body-invalid'],
    ['a wildcard in a topic', '{"type":"pub","id":1,"message":{"topic":"#"}}', 1, 'topic-invalid'],
    ['no filters', '{"type":"sub","id":1}', 1, 'body-invalid'],
    ['a filter that is none', '{"type":"sub","id":1,"filters":["a#"]}', 1, 'topic-invalid'],
    ['a shared filter', '{"type":"sub","id":1,"filters":["$share/g/a"]}', 1, 'topic-invalid'],
    ['QoS 2', '{"type":"sub","id":1,"filters":["a"],"qos":2}', 1, 'parameter-invalid'],
    ['an unknown overflow', '{"type":"sub","id":1,"filters":["a"],"overflow":{}}', 1, 'parameter-invalid'],
    ['a list as origin', '{"type":"sub","id":1,"filters":["a"],"noLocal":[]}', 1, 'body-invalid'],
    ['a subscription that is none', '{"type":"unsub","id":1,"sub":7}', 1, 'parameter-invalid'],
  ])('answers %s with a problem, and goes on', async (...[, text, id, code]) => {
    const { bridge } = await withBroker();
    const page = await openPage(`${bridge.url}/v1/ws`);
    await page.next();
    page.socket.send(text);
    expect(await page.next()).toMatchObject({ type: 'err', problem: { code }, ...(id !== undefined && { id }) });
    expect(await page.ask({ type: 'pub', id: 2, message: { topic: 'a' } })).toMatchObject({ type: 'ack' });
  });

  test('answers every frame, whatever is in it', async () => {
    const { bridge } = await withBroker();
    const page = await openPage(`${bridge.url}/v1/ws`);
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom('a', ['a'], ['#'], 1, 0, true, { topic: 'a' }));
    const frame = fc.dictionary(
      fc.constantFrom(
        'type',
        'sub',
        'filters',
        'qos',
        'snapshot',
        'since',
        'overflow',
        'maxRate',
        'noLocal',
        'message',
      ),
      fc.oneof(value, fc.constantFrom('sub', 'unsub', 'pub')),
    );
    let id = 0;
    await fc.assert(
      fc.asyncProperty(frame, fc.constantFrom('sub', 'unsub', 'pub', undefined), async (given, type) => {
        id += 1;
        const answer = await page.ask({ ...given, ...(type !== undefined && { type }), id });
        const { problem } = answer as { problem?: { code: string } };
        expect(problem?.code).not.toBe('internal-error');
      }),
      { numRuns: 300 },
    );
  });

  test('has a limit of filters, of bytes in a frame, and takes text alone', async () => {
    const { bridge } = await withBroker({ streams: { maximumFilters: 2 }, http: { bodyLimitBytes: 1000 } });
    const page = await openPage(`${bridge.url}/v1/ws`);
    await page.next();
    await page.ask({ type: 'sub', id: 1, filters: ['a', 'b'], snapshot: 'none' });
    expect(await page.ask({ type: 'sub', id: 2, filters: ['c'] })).toMatchObject({ problem: { code: 'stream-limit' } });
    await page.ask({ type: 'unsub', id: 3, sub: 1 });
    expect(await page.ask({ type: 'sub', id: 2, filters: ['c'] })).toMatchObject({ type: 'ack' });
    page.socket.send(Buffer.from('{}'));
    while ((await page.next())['type'] !== 'err');
    page.socket.send('x'.repeat(1001));
    expect(await page.closed).toBe(1009);
  });

  test('of a page that does not read costs its budget, and the page hears of its gap', async () => {
    const { bridge, client } = await withBroker({ streams: { readerBufferBytes: 65_536, ringMessages: 50 } });
    const [slow, fast] = [await openPage(`${bridge.url}/v1/ws`), await openPage(`${bridge.url}/v1/ws`)];
    for (const page of [slow, fast]) await page.ask({ type: 'sub', id: 1, filters: ['a'], snapshot: 'none' });
    slow.socket.pause();
    const payload = 'x'.repeat(100_000);
    const count = 150;
    const counted = (async () => {
      for (let number = 0; number < count; number += 1) await fast.next();
    })();
    for (let number = 0; number < count; number += 1) await client.publish('a', `${number} ${payload}`, { qos: 1 });
    await counted;
    slow.socket.resume();
    let [seen, missed] = [0, 0];
    while (seen + missed < count) {
      const frame = await slow.next();
      if (frame['type'] === 'gap') missed += Number(frame['missed']);
      else seen += 1;
    }
    expect(missed).toBeGreaterThan(0);
    expect(seen + missed).toBe(count);
  }, 20_000);

  test('that sends and never reads is not read from any more', async () => {
    const { bridge } = await withBroker({ streams: { readerBufferBytes: 65_536 } });
    const page = await openPage(`${bridge.url}/v1/ws`);
    page.socket.pause();
    const text = JSON.stringify({ type: 'nonsense', id: 'x'.repeat(100) });
    const before = process.memoryUsage().arrayBuffers;
    for (let number = 0; number < 200_000 && page.socket.bufferedAmount < 1_000_000; number += 1) {
      page.socket.send(text);
      if (number % 1000 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(page.socket.bufferedAmount).toBeGreaterThanOrEqual(1_000_000);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024);
  }, 20_000);

  test('is told goodbye when the bridge ends, and the bridge ends', async () => {
    const { bridge } = await withBroker();
    const page = await openPage(`${bridge.url}/v1/ws`);
    await page.next();
    const closed = bridge.close();
    expect(await page.next()).toMatchObject({ type: 'bye', reason: 'draining' });
    expect(await page.closed).toBe(1001);
    await closed;
  });

  test('of a page that is gone without a word is ended after two heartbeats', async () => {
    const { bridge } = await withBroker({ streams: { heartbeatMs: 100 } });
    const page = await openPage(`${bridge.url}/v1/ws`, { autoPong: false });
    expect(await page.closed).toBe(1006);
  }, 20_000);
});

describe('who may open a socket', () => {
  test('pages of origins on the list, and programs, which name none', async () => {
    const { bridge } = await withBroker({ http: { corsOrigins: ['https://good.example'] } });
    await openPage(`${bridge.url}/v1/ws`, { origin: 'https://good.example' });
    await openPage(`${bridge.url}/v1/ws`);
    const refused = await refusedWith(`${bridge.url}/v1/ws`, { origin: 'https://evil.example' });
    expect(refused).toMatchObject({ status: 403, body: { code: 'origin-denied' } });
    // The bridge itself serves no page that would need one.
    expect(await refusedWith(`${bridge.url}/v1/ws`, { origin: bridge.url })).toMatchObject({ status: 403 });
  });

  test('callers with credentials, for what their role allows', async () => {
    const key = createApiKey('k');
    const { bridge } = await withBroker({
      access: {
        keys: [{ id: 'k', role: 'r', secrets: [{ sha256: key.sha256 }] }],
        roles: { r: { rules: [{ actions: ['publish', 'subscribe'], filters: ['own/#'] }], limits: { streams: 1 } } },
      },
    });
    expect(await refusedWith(`${bridge.url}/v1/ws`)).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    const headers = { authorization: `Bearer ${key.key}` };
    const page = await openPage(`${bridge.url}/v1/ws`, { headers });
    const code = async (frame: object): Promise<unknown> => {
      const { problem } = await page.ask({ id: 1, type: 'sub', ...frame });
      return (problem as { code: string } | undefined)?.code;
    };
    expect(await code({ filters: ['#'] })).toBe('acl-denied');
    expect(await code({ type: 'pub', message: { topic: 'other' } })).toBe('acl-denied');
    expect(await code({ type: 'pub', message: { topic: 'own/a' } })).toBeUndefined();
    expect(await refusedWith(`${bridge.url}/v1/ws`, { headers })).toMatchObject({ status: 429 });
  });

  test('nobody who asks for something else', async () => {
    const { bridge } = await withBroker();
    const answer = await bridge.call('GET', '/v1/ws');
    expect([answer.status, answer.body['code'], answer.headers.get('upgrade')]).toEqual([
      426,
      'upgrade-required',
      'websocket',
    ]);
    expect(await refusedWith(`${bridge.url}/v1/nothing`)).toMatchObject({ status: 404, body: { code: 'not-found' } });
    expect(await refusedWith(`${bridge.url}/v1/brokers/other/ws`)).toMatchObject({
      status: 404,
      body: { code: 'broker-unknown' },
    });
  });

  test('a request that offers another protocol is answered all the same', async () => {
    const { bridge, client } = await withBroker();
    await client.publish('a', 'here', { qos: 1, retain: true });
    const { port, hostname } = new URL(bridge.url);
    const socket = connectTcp(Number(port), hostname);
    socket.write('GET /v1/topics/a HTTP/1.1\r\nhost: x\r\nconnection: upgrade, close\r\nupgrade: h2c\r\n\r\n');
    let text = '';
    for await (const chunk of socket) text += String(chunk);
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*here/);
  });
});
