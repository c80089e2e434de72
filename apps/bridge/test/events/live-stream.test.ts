import { assert, asyncProperty, constantFrom, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openStream } from '../event-stream.ts';
import { withBroker } from '../with-broker.ts';

/** A thousand, when there is time. */
const SLOW_READERS = Number(process.env['SLOW_READERS'] ?? 300);

describe('a live stream', () => {
  test('says that it is ready, shows what is retained, and then what comes', async () => {
    const { bridge, broker, client } = await withBroker();
    await broker.publish({ topic: 'a/kept', payload: 'old', retain: true });
    const stream = await openStream(`${bridge.url}/v1/events?filter=a/%23`);
    expect(stream.response.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    expect(stream.response.headers['cache-control']).toBe('no-store, no-transform');
    expect(await stream.json('ready')).toMatchObject({
      subscriptions: [{ filter: 'a/#', grantedQos: 1, reasonCode: 1 }],
      mode: 'live',
      resumed: false,
      cursor: stream.response.headers['omqtt-stream-cursor'],
    });
    expect(await stream.json('message')).toMatchObject({ topic: 'a/kept', payload: 'old', retain: true });
    expect(await stream.json('snapshot-end')).toEqual({ heuristic: true, messages: 1 });
    await client.publish('a/b', '{"x":1}', {
      qos: 1,
      properties: { contentType: 'application/json', userProperties: [['k', 'v']] },
    });
    expect(await stream.json('message')).toMatchObject({
      topic: 'a/b',
      payload: { x: 1 },
      encoding: 'json',
      qos: 1,
      retain: false,
      properties: { contentType: 'application/json', userProperties: [['k', 'v']] },
    });
  });

  test('a message that matches two filters of the reader comes once', async () => {
    const { bridge, client } = await withBroker();
    const stream = await openStream(`${bridge.url}/v1/events?snapshot=none&filter=a/%23&filter=a/%2B`);
    await stream.json('ready');
    await client.publish('a/b', '1', { qos: 1 });
    await client.publish('a/b', '2', { qos: 1 });
    expect((await stream.json('message'))['payload']).toBe('1');
    expect((await stream.json('message'))['payload']).toBe('2');
  });

  test('a reader who comes back with its last id misses nothing', async () => {
    const { bridge, client } = await withBroker();
    const url = `${bridge.url}/v1/events?filter=a`;
    const first = await openStream(`${url}&snapshot=none`);
    await first.json('ready');
    await client.publish('a', '1', { qos: 1 });
    const { id = '' } = await first.next();
    first.close();
    await client.publish('a', '2', { qos: 1 });
    await client.publish('a', '3', { qos: 1 });
    const second = await openStream(url, { headers: { 'last-event-id': id } });
    expect(await second.json('ready')).toMatchObject({ resumed: true, cursor: id });
    expect((await second.json('message'))['payload']).toBe('2');
    expect((await second.json('message'))['payload']).toBe('3');
  });

  test.each([
    ['of another life', () => 'v1.l.00000000.7', 'epoch-changed'],
    ['that never was', () => 'nonsense\u2028', 'epoch-changed'],
    ['from before anybody listened', (now: string) => now, 'expired'],
  ])('a cursor %s is a gap, and the stream goes on', async (_title, cursorOf, reason) => {
    const { bridge, client } = await withBroker();
    const other = await openStream(`${bridge.url}/v1/events?filter=other&snapshot=none`);
    const { cursor } = await other.json('ready');
    await client.publish('other', '1', { qos: 1 });
    await other.json('message');
    const since = encodeURIComponent(cursorOf(String(cursor)));
    const stream = await openStream(`${bridge.url}/v1/events?filter=a&snapshot=none&since=${since}`);
    expect(await stream.json('ready')).toMatchObject({ resumed: false });
    expect(await stream.json('gap')).toMatchObject({ reason });
    await client.publish('a', 'after', { qos: 1 });
    expect((await stream.json('message'))['payload']).toBe('after');
  });

  test('a broker that has forgotten the session is a gap', async () => {
    const { bridge, broker, client } = await withBroker();
    const stream = await openStream(`${bridge.url}/v1/events?filter=a&snapshot=none`);
    await stream.json('ready');
    await broker.goAway({ keepSessions: false });
    await broker.comeBack();
    expect(await stream.json('gap')).toMatchObject({ reason: 'broker-reconnect', missed: null });
    await client.publish('a', 'after', { qos: 1 });
    expect((await stream.json('message'))['payload']).toBe('after');
  });

  test('QUERY takes many filters in a form', async () => {
    const { bridge, client } = await withBroker();
    const stream = await openStream(`${bridge.url}/v1/events`, {
      method: 'QUERY',
      body: 'filter=a&filter=b&snapshot=none',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    await stream.json('ready');
    await client.publish('b', 'x', { qos: 1 });
    expect((await stream.json('message'))['topic']).toBe('b');
  });

  test.each([
    ['lines', 'application/x-ndjson', '{}', 415],
    ['a filter that is no text', 'application/json', '{"filter":5}', 400],
    ['a list of anything', 'application/json', '{"filter":[{},null]}', 400],
    ['a text', 'application/json', '"filter"', 415],
  ])('QUERY with %s is a mistake of the caller', async (...[, type, body, status]) => {
    const { bridge } = await withBroker();
    const answer = await bridge.call('QUERY', '/v1/events', { body, headers: { 'content-type': type } });
    expect(answer.status).toBe(status);
  });

  test('no payload and no topic can add a field or an event to the stream', async () => {
    const { bridge, client } = await withBroker();
    const envelopes = await openStream(`${bridge.url}/v1/events?filter=a/%23&snapshot=none`);
    const raw = await openStream(`${bridge.url}/v1/events?filter=a/%23&snapshot=none&format=raw`);
    await envelopes.json('ready');
    await raw.json('ready');
    const nasty = string({
      unit: constantFrom('\r', '\n', '\u2028', ':', 'data', 'event: bye', 'id: 1', ' ', 'x', '\u0000'),
    });
    await assert(
      asyncProperty(nasty, async (text) => {
        await client.publish('a/b', `.${text}`, { qos: 1 });
        const message = await envelopes.next();
        expect(message.event).toBe('message');
        expect((JSON.parse(message.data) as { payload: string }).payload).toBe(`.${text}`);
        const lines = await raw.next();
        expect(lines).toEqual({ id: message.id, event: 'message', data: `.${text}`.replaceAll(/\r\n?/g, '\n') });
      }),
      { numRuns: 60 },
    );
  });

  test('a reader who does not read costs its budget and no more, hears of its gap, and goes on', async () => {
    const { bridge, client } = await withBroker({ streams: { readerBufferBytes: 65_536, ringMessages: 50 } });
    const slow = await openStream(`${bridge.url}/v1/events?filter=a&snapshot=none`);
    const fast = await openStream(`${bridge.url}/v1/events?filter=a&snapshot=none`);
    await slow.json('ready');
    await fast.json('ready');
    const payload = 'x'.repeat(100_000);
    const count = 150;
    const counted = (async () => {
      for (let number = 0; number < count; number += 1) await fast.json('message');
    })();
    for (let number = 0; number < count; number += 1) await client.publish('a', `${number} ${payload}`, { qos: 1 });
    await counted;
    // Not read until now, so its socket is full.
    let seen = 0;
    let missed = 0;
    while (seen + missed < count) {
      const { event, data } = await slow.next();
      if (event === 'gap') missed += (JSON.parse(data) as { missed: number }).missed;
      else seen += 1;
    }
    expect(missed).toBeGreaterThan(0);
    expect(seen + missed).toBe(count);
    const metrics = await (await fetch(`${bridge.adminUrl ?? ''}/metrics`)).text();
    expect(metrics).toContain(`omqtt_stream_dropped_total{reason="overflow"} ${missed}\n`);
  }, 20_000);

  test('many readers who do not read cost what is in the ring once, not once each', async () => {
    const { bridge, client } = await withBroker({ streams: { readerBufferBytes: 65_536, ringMessages: 20 } });
    const url = `${bridge.url}/v1/events?filter=a&snapshot=none`;
    const streams = await Promise.all(Array.from({ length: SLOW_READERS }, () => openStream(url)));
    for (const stream of streams) {
      await stream.json('ready');
      stream.response.pause();
    }
    const before = process.memoryUsage().rss;
    const payload = 'x'.repeat(50_000);
    for (let number = 0; number < 60; number += 1) await client.publish('a', payload, { qos: 1 });
    // Each of them for itself would be 900 MB at 300, and 3 GB at 1000.
    expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(400);
    expect((await bridge.call('POST', '/v1/topics/b', { body: 'x' })).status).toBe(200);
  }, 60_000);

  test('readers are told goodbye when the bridge ends, and it ends', async () => {
    const { bridge } = await withBroker();
    const stream = await openStream(`${bridge.url}/v1/events?filter=a&snapshot=none`);
    await stream.json('ready');
    const closed = bridge.close();
    expect(await stream.json('bye')).toMatchObject({ reason: 'draining' });
    await closed;
  });

  test.each([
    ['no filter', 'GET', '/v1/events', 400, 'parameter-invalid'],
    ['a filter that is none', 'GET', '/v1/events?filter=a%23', 400, 'topic-invalid'],
    ['a shared filter', 'GET', '/v1/events?filter=$share/g/a', 400, 'topic-invalid'],
    [
      'too many filters',
      'GET',
      `/v1/events?${'filter=a&'.repeat(1)}${Array.from({ length: 65 }, (_, n) => `filter=${n}`).join('&')}`,
      400,
      'parameter-invalid',
    ],
    ['an unknown format', 'GET', '/v1/events?filter=a&format=xml', 400, 'parameter-invalid'],
    ['HEAD', 'HEAD', '/v1/events?filter=a', 405, undefined],
  ] as const)('%s is refused', async (...[, method, path, status, code]) => {
    const { bridge } = await withBroker();
    const answer = await bridge.call(method, path);
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
  });

  test('a filter that the broker refuses is the reason code of the broker', async () => {
    const { bridge, broker } = await withBroker();
    broker.refuse({ packet: 'subscribe', reasonCode: 0x87 });
    const answer = await bridge.call('GET', '/v1/events?filter=a&snapshot=none');
    expect([answer.status, answer.body['code']]).toEqual([403, 'subscribe-not-authorized']);
    expect(answer.body['mqtt']).toMatchObject({ packet: 'SUBACK', reasonCode: 0x87 });
  });

  test('one more stream than allowed is refused', async () => {
    const { bridge } = await withBroker({ streams: { maximumStreams: 1 } });
    const stream = await openStream(`${bridge.url}/v1/events?filter=a&snapshot=none`);
    await stream.json('ready');
    expect((await bridge.call('GET', '/v1/events?filter=a')).status).toBe(429);
  });
});
