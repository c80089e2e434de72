import { expect, test } from 'vitest';
import { aBridge, ready } from '../a-bridge.ts';
import { openStream } from '../event-stream.ts';
import { withBroker } from '../with-broker.ts';

const query = 'mode=session&name=mine&filter=a/%23';

test('a reader who comes back to another replica finds what came meanwhile', async () => {
  const { bridge, broker, client } = await withBroker();
  const other = await aBridge({ brokers: { default: { url: broker.url } } });
  await ready(other);
  const first = await openStream(`${bridge.url}/v1/events?${query}`);
  expect(await first.json('ready')).toMatchObject({ mode: 'session', name: 'mine', resumed: false });
  await client.publish('a/1', '1', { qos: 1 });
  expect(await first.json('message')).toMatchObject({ topic: 'a/1', payload: '1' });
  first.close();
  // The broker has noticed that it is gone.
  while (broker.clients.some(({ clientId }) => clientId.includes('-s-'))) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  for (const number of ['2', '3']) await client.publish(`a/${number}`, number, { qos: 1 });
  const second = await openStream(`${other.url}/v1/events?${query}`);
  expect(await second.json('ready')).toMatchObject({ resumed: true });
  const payloads = [(await second.json('message'))['payload'], (await second.json('message'))['payload']];
  expect(payloads).toEqual(['2', '3']);
});

test('the later one of two readers with the same name has the session', async () => {
  const { bridge, client } = await withBroker();
  const first = await openStream(`${bridge.url}/v1/events?${query}`);
  await first.json('ready');
  const second = await openStream(`${bridge.url}/v1/events?${query}`);
  expect(await second.json('ready')).toMatchObject({ resumed: true });
  expect(await first.json('bye')).toMatchObject({ reason: 'session-taken-over' });
  await client.publish('a/1', '1', { qos: 1 });
  expect(await second.json('message')).toMatchObject({ payload: '1' });
});

test('a session that the broker has forgotten is a gap for who was here before', async () => {
  const { bridge } = await withBroker();
  const stream = await openStream(`${bridge.url}/v1/events?${query}`, { headers: { 'last-event-id': 'v1.s.7' } });
  expect(await stream.json('ready')).toMatchObject({ resumed: false });
  expect(await stream.json('gap')).toMatchObject({ reason: 'expired' });
});

test('a reader who does not read holds up its session, and nothing is lost', async () => {
  const { bridge, client } = await withBroker({ streams: { readerBufferBytes: 65_536, sessionWindow: 4 } });
  const stream = await openStream(`${bridge.url}/v1/events?${query}`);
  await stream.json('ready');
  const count = 60;
  const payload = 'x'.repeat(100_000);
  for (let number = 0; number < count; number += 1) await client.publish('a/b', `${number} ${payload}`, { qos: 1 });
  for (let number = 0; number < count; number += 1) {
    expect(String((await stream.json('message'))['payload']).split(' ', 1)).toEqual([String(number)]);
  }
}, 20_000);

test.each([
  ['no name', 'mode=session&filter=a'],
  ['a strange name', 'mode=session&filter=a&name=%0a'],
  ['an unknown mode', 'mode=log&filter=a'],
])('%s is refused', async (_title, wrong) => {
  const { bridge } = await withBroker();
  expect((await bridge.call('GET', `/v1/events?${wrong}`)).body['code']).toBe('parameter-invalid');
});
