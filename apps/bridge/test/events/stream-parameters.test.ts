import { describe, expect, test } from 'vitest';
import { openStream } from '../event-stream.ts';
import { withBroker } from '../with-broker.ts';

describe('the parameters of a stream', () => {
  test('qos=0 asks the broker for no more, beside readers of the same filter with 1', async () => {
    const { bridge, client } = await withBroker();
    const url = `${bridge.url}/v1/events?filter=a&snapshot=none`;
    const [loose, firm] = [await openStream(`${url}&qos=0`), await openStream(url)];
    expect(await loose.json('ready')).toMatchObject({ subscriptions: [{ filter: 'a', grantedQos: 0 }] });
    expect(await firm.json('ready')).toMatchObject({ subscriptions: [{ filter: 'a', grantedQos: 1 }] });
    await client.publish('a', 'x', { qos: 1 });
    expect(await loose.json('message')).toMatchObject({ payload: 'x', qos: 0 });
    expect(await firm.json('message')).toMatchObject({ payload: 'x', qos: 1 });
  });

  test('noLocal leaves out what was published with the same origin', async () => {
    const { bridge } = await withBroker();
    const stream = await openStream(`${bridge.url}/v1/events?filter=a&snapshot=none&noLocal=tab-7`);
    await stream.json('ready');
    const publish = (body: string, origin: string): Promise<unknown> => {
      return bridge.call('POST', '/v1/topics/a', { body, headers: { 'mqtt-user-property': `omqtt-origin=${origin}` } });
    };
    await publish('own', 'tab-7');
    await publish('other', 'tab-8');
    expect((await stream.json('message'))['payload']).toBe('other');
  });

  test('noLocal holds in sessions, too', async () => {
    const { bridge, client } = await withBroker();
    const stream = await openStream(`${bridge.url}/v1/events?filter=a&mode=session&name=s&noLocal=me`);
    await stream.json('ready');
    await client.publish('a', 'own', { qos: 1, properties: { userProperties: [['omqtt-origin', 'me']] } });
    await client.publish('a', 'other', { qos: 1 });
    expect((await stream.json('message'))['payload']).toBe('other');
  });

  test('maxRate with conflate is the last value of each topic, and how many were passed over', async () => {
    const { bridge, client } = await withBroker();
    const stream = await openStream(`${bridge.url}/v1/events?filter=a/%2B&snapshot=none&maxRate=1&overflow=conflate`);
    await stream.json('ready');
    for (let number = 0; number < 50; number += 1) {
      await client.publish(`a/${number % 2}`, String(number), { qos: 1 });
    }
    const last: Record<string, string> = {};
    let [seen, passed] = [0, 0];
    while (seen + passed < 50) {
      const { event, data } = await stream.next();
      const value = JSON.parse(data) as { topic: string; payload: string; missed: number; reason: string };
      if (event === 'gap' && value.reason === 'conflated') passed += value.missed;
      else seen += 1;
      if (event === 'message') last[value.topic] = value.payload;
    }
    expect(last).toEqual({ 'a/0': '48', 'a/1': '49' });
    expect(passed).toBeGreaterThan(0);
    const metrics = await (await fetch(`${bridge.adminUrl ?? ''}/metrics`)).text();
    expect(metrics).toContain(`omqtt_stream_dropped_total{reason="conflated"} ${passed}\n`);
  }, 20_000);

  test('maxRate without it delays, and loses nothing that the ring holds', async () => {
    const { bridge, client } = await withBroker();
    for (const mode of ['', '&mode=session&name=s']) {
      const stream = await openStream(`${bridge.url}/v1/events?filter=a&snapshot=none&maxRate=100${mode}`);
      await stream.json('ready');
      const wanted = Array.from({ length: 30 }, (_, index) => String(index));
      for (const text of wanted) await client.publish('a', text, { qos: 1 });
      const seen: unknown[] = [];
      while (seen.length < wanted.length) seen.push((await stream.json('message'))['payload']);
      expect(seen).toEqual(wanted);
    }
  });

  test('since=earliest begins with what is still there', async () => {
    const { bridge, client } = await withBroker();
    const url = `${bridge.url}/v1/events?filter=a&snapshot=none`;
    const first = await openStream(url);
    await first.json('ready');
    await client.publish('a', '1', { qos: 1 });
    await first.json('message');
    const second = await openStream(`${url}&since=earliest`);
    expect(await second.json('ready')).toMatchObject({ resumed: true });
    expect((await second.json('message'))['payload']).toBe('1');
  });

  test.each([
    ['qos 2', 'qos=2'],
    ['a rate of nothing', 'maxRate=0'],
    ['an origin with a line break', 'noLocal=a%0Ab'],
    ['QoS 0 in a session', 'mode=session&name=s&qos=0'],
    ['conflation in a session', 'mode=session&name=s&overflow=conflate'],
  ])('%s is refused', async (_title, query) => {
    const { bridge } = await withBroker();
    const answer = await bridge.call('GET', `/v1/events?filter=a&${query}`);
    expect([answer.status, answer.body['code']]).toEqual([400, 'parameter-invalid']);
  });

  test('filters are as many as allowed: those that linger give way, those that are read do not', async () => {
    const { bridge } = await withBroker({ streams: { maximumHubFilters: 2 } });
    const open = (query: string): ReturnType<typeof openStream> => {
      return openStream(`${bridge.url}/v1/events?snapshot=none&${query}`);
    };
    for (const name of ['a', 'b', 'c']) {
      const stream = await open(`filter=${name}`);
      await stream.json('ready');
      stream.close();
    }
    const [first, second] = [await open('filter=d'), await open('filter=e')];
    await first.json('ready');
    await second.json('ready');
    const refused = await bridge.call('GET', '/v1/events?filter=f');
    expect([refused.status, refused.body['code']]).toEqual([429, 'stream-limit']);
    await (await open('filter=d&filter=e')).json('ready');
  });
});
