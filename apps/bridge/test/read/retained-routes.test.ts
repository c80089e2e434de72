import { describe, expect, test } from 'vitest';
import { withBroker } from '../with-broker.ts';

describe('GET of a topic', () => {
  test('is the payload that the broker retains, with its properties as headers', async () => {
    const { bridge, client } = await withBroker();
    await client.publish('a/b', '21.5', {
      qos: 1,
      retain: true,
      properties: { contentType: 'text/plain', userProperties: [['ä', 'x\r\nSet-Cookie: y']] },
    });
    const answer = await bridge.call('GET', '/v1/topics/a/b');
    expect([answer.status, answer.text]).toEqual([200, '21.5']);
    expect(answer.headers.get('content-type')).toBe('text/plain');
    expect(answer.headers.get('mqtt-user-property')).toBe('%C3%A4=x%0D%0ASet-Cookie%3A%20y');
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(answer.headers.get('content-security-policy')).toBe("sandbox; default-src 'none'");
  });

  test('a content type that is none does not become one', async () => {
    const { bridge, client } = await withBroker();
    await client.publish('a', 'x', { qos: 1, retain: true, properties: { contentType: 'text/html\r\nx: y' } });
    expect((await bridge.call('GET', '/v1/topics/a')).headers.get('content-type')).toBe('application/octet-stream');
  });

  test('is an envelope for who asks for JSON', async () => {
    const { bridge, client } = await withBroker();
    await client.publish('a', Uint8Array.of(0xff), { qos: 1, retain: true });
    const answer = await bridge.call('GET', '/v1/topics/a', { headers: { accept: 'application/json' } });
    expect(answer.body).toMatchObject({ topic: 'a', payload: '/w==', encoding: 'base64', retain: true });
  });

  test('is 304 for who has it already, and not for who has another', async () => {
    const { bridge, client } = await withBroker();
    await client.publish('a', '1', { qos: 1, retain: true });
    const etag = (await bridge.call('GET', '/v1/topics/a')).headers.get('etag') ?? '';
    const again = await bridge.call('GET', '/v1/topics/a', { headers: { 'if-none-match': `"x", W/${etag}` } });
    expect([again.status, again.text]).toEqual([304, '']);
    await client.publish('a', '2', { qos: 1, retain: true });
    expect((await bridge.call('GET', '/v1/topics/a', { headers: { 'if-none-match': etag } })).text).toBe('2');
  });

  test('HEAD has the headers alone', async () => {
    const { bridge, client } = await withBroker();
    await client.publish('a', '1', { qos: 1, retain: true });
    const answer = await bridge.call('HEAD', '/v1/topics/a');
    expect([answer.status, answer.text]).toEqual([200, '']);
    expect(answer.headers.get('etag')).not.toBeNull();
  });

  test('is 404 where nothing is retained', async () => {
    const { bridge } = await withBroker();
    const answer = await bridge.call('GET', '/v1/topics/nothing');
    expect([answer.status, answer.body['code']]).toEqual([404, 'no-retained']);
  });

  test('many at once are one subscription', async () => {
    const subscribed: string[] = [];
    const authorize = ({ action, topic }: { action: string; topic: string }): boolean => {
      if (action === 'subscribe') subscribed.push(topic);
      return true;
    };
    const { bridge } = await withBroker({ retained: { waitMs: 1000 } }, { authorize });
    const answers = await Promise.all(Array.from({ length: 20 }, () => bridge.call('GET', '/v1/topics/nothing')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([404]));
    expect(subscribed).toEqual(['nothing']);
  });
});

function topics(body: Readonly<Record<string, unknown>>): string[] {
  return (body['messages'] as { topic: string }[]).map(({ topic }) => topic);
}

describe('the list of what is retained', () => {
  test('has pages by topic', async () => {
    const { bridge, client } = await withBroker();
    for (const name of ['c', 'a', 'b']) await client.publish(`x/${name}`, name, { qos: 1, retain: true });
    const first = await bridge.call('GET', '/v1/retained?filter=x/%23&limit=2');
    expect(topics(first.body)).toEqual(['x/a', 'x/b']);
    expect(first.body['complete']).toBe('unknown');
    const second = await bridge.call('GET', `/v1/retained?filter=x/%23&limit=2&cursor=${String(first.body['cursor'])}`);
    expect([topics(second.body), second.body['cursor']]).toEqual([['x/c'], null]);
  });

  test('says that it is not complete when there is more than allowed', async () => {
    const { bridge, client } = await withBroker({ retained: { maximumMessages: 2 } });
    for (const name of ['a', 'b', 'c']) await client.publish(`x/${name}`, name, { qos: 1, retain: true });
    expect((await bridge.call('GET', '/v1/retained?filter=x/%23')).body['complete']).toBe(false);
  });

  test('is one JSON value a line for who asks for it', async () => {
    const { bridge, client } = await withBroker();
    await client.publish('x/a', '1', { qos: 1, retain: true });
    const answer = await bridge.call('GET', '/v1/retained?filter=x/%23', {
      headers: { accept: 'application/x-ndjson' },
    });
    expect(JSON.parse(answer.text)).toMatchObject({ topic: 'x/a', payload: '1' });
  });
});
