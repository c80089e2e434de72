import { describe, expect, test } from 'vitest';
import { withBroker } from '../with-broker.ts';

describe('a request', () => {
  test('is answered with the payload and the content type of the answer', async () => {
    const { bridge, client } = await withBroker();
    const upper = client.subscribe('service/upper', {}, async (request) => {
      const { responseTopic = '', correlationData } = request.properties;
      const properties = { ...(correlationData && { correlationData }), contentType: 'text/plain' };
      await client.publish(responseTopic, request.text().toUpperCase(), { qos: 1, properties });
    });
    await upper.ready;
    const answer = await bridge.call('POST', '/v1/requests/service/upper', { body: 'hello' });
    expect([answer.status, answer.text, answer.headers.get('content-type')]).toEqual([200, 'HELLO', 'text/plain']);
    const envelope = await bridge.call('POST', '/v1/requests', {
      body: JSON.stringify({ topic: 'service/upper', payload: 'again' }),
      headers: { 'content-type': 'application/json', accept: 'application/json' },
    });
    expect(envelope.body).toMatchObject({ payload: 'AGAIN', encoding: 'utf8' });
  });

  test('many at once share one reply subscription and do not mix their answers', async () => {
    const filters: string[] = [];
    const authorize = ({ action, topic }: { action: string; topic: string }): boolean => {
      if (action === 'subscribe' && topic.startsWith('omqtt/reply/')) filters.push(topic);
      return true;
    };
    const { bridge, client } = await withBroker({}, { authorize });
    await client.respond('echo', (request) => request.payload).ready;
    const numbers = Array.from({ length: 30 }, (_, number) => String(number));
    const answers = await Promise.all(numbers.map((body) => bridge.call('POST', '/v1/requests/echo', { body })));
    expect(answers.map(({ text }) => text)).toEqual(numbers);
    expect(filters).toHaveLength(1);
  });

  test('whom nobody listens to is told at once', async () => {
    const { bridge } = await withBroker();
    const answer = await bridge.call('POST', '/v1/requests/nobody', { body: 'x' });
    expect([answer.status, answer.body['code']]).toEqual([503, 'no-responder']);
    expect(answer.body['mqtt']).toMatchObject({ reasonCode: 0x10 });
  });

  test('that nobody answers in time was accepted all the same', async () => {
    const { bridge, client } = await withBroker({ requests: { timeoutMs: 300 } });
    await client.subscribe('silent', {}, () => undefined).ready;
    const answer = await bridge.call('POST', '/v1/requests/silent', { body: 'x' });
    expect([answer.status, answer.body['code'], answer.body['outcome']]).toEqual([504, 'reply-timeout', 'accepted']);
  });

  test('may be answered with a status of its own', async () => {
    const { bridge, client } = await withBroker();
    const service = client.subscribe('service', {}, async ({ properties: { responseTopic = '', correlationData } }) => {
      const properties = {
        ...(correlationData && { correlationData }),
        userProperties: [['http-status', '418']] as const,
      };
      await client.publish(responseTopic, '', { qos: 1, properties });
    });
    await service.ready;
    expect((await bridge.call('POST', '/v1/requests/service', { body: 'x' })).status).toBe(418);
  });

  test('does not exist in 3.1.1', async () => {
    const { broker } = await withBroker();
    const { bridge } = await withBroker({ brokers: { default: { url: broker.url, version: '3.1.1' } } });
    const answer = await bridge.call('POST', '/v1/requests/a', { body: 'x' });
    expect([answer.status, answer.body['code']]).toEqual([422, 'capability-unavailable']);
  });
});
