import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBroker } from '@omqtt/broker';
import { connect } from 'omqtt';
import { expect, onTestFinished, test } from 'vitest';
import { aBridge, type Answer, type TestBridge } from '../a-bridge.ts';

function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'omqtt-outbox-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

const postLater = (bridge: TestBridge, body: string): Promise<Answer> => {
  return bridge.call('POST', '/v1/topics/a', { body, headers: { prefer: 'respond-async' } });
};

test('a message is accepted without a broker, survives the bridge, and arrives', async () => {
  const outbox = { enabled: true, path: aFolder() };
  const away = { default: { url: 'mqtt://127.0.0.1:1' } };
  const before = await aBridge({ outbox, brokers: away });
  const answer = await postLater(before, 'kept');
  expect([answer.status, answer.body['guarantee']]).toEqual([202, 'persisted']);
  expect(answer.headers.get('preference-applied')).toBe('respond-async');
  const location = answer.headers.get('location') ?? '';
  expect((await before.call('GET', location)).body).toMatchObject({
    id: answer.body['id'],
    state: 'queued',
    topic: 'a',
  });
  await before.close();

  const broker = await startBroker();
  onTestFinished(() => broker.close());
  const client = await connect(broker.url);
  onTestFinished(() => client.close());
  const all = client.subscribe('a', { qos: 1 });
  await all.ready;
  await aBridge({ outbox, brokers: { default: { url: broker.url } } });
  const message = await all.next({ timeoutMs: 5000 });
  expect([message.text(), message.userProperties]).toEqual(['kept', [['omqtt-message-id', answer.body['id']]]]);
});

test('its status changes when the broker has it, and is for who has sent it', async () => {
  const broker = await startBroker();
  onTestFinished(() => broker.close());
  const bridge = await aBridge({
    outbox: { enabled: true, path: aFolder() },
    brokers: { default: { url: broker.url } },
  });
  const location = (await postLater(bridge, 'x')).headers.get('location') ?? '';
  let state: unknown = 'queued';
  while (state === 'queued') state = (await bridge.call('GET', location)).body['state'];
  expect(state).toBe('accepted');
  expect((await bridge.call('GET', '/v1/messages/other')).body['code']).toBe('message-unknown');
});

test('a full outbox says so', async () => {
  const outbox = { enabled: true, path: aFolder(), maximumMessages: 2 };
  const bridge = await aBridge({ outbox, brokers: { default: { url: 'mqtt://127.0.0.1:1' } } });
  await postLater(bridge, '1');
  await postLater(bridge, '2');
  const third = await postLater(bridge, '3');
  expect([third.status, third.body['code'], third.body['outcome']]).toEqual([503, 'overloaded', 'not-sent']);
});

test('without an outbox the preference is not applied', async () => {
  const bridge = await aBridge({ brokers: { default: { url: 'mqtt://127.0.0.1:1' } } });
  expect((await postLater(bridge, 'x')).body['code']).toBe('broker-unavailable');
});

test('what was not sent yet can be called back by who has sent it, for good', async () => {
  const outbox = { enabled: true, path: aFolder() };
  const bridge = await aBridge({ outbox, brokers: { default: { url: 'mqtt://127.0.0.1:1' } } });
  const place = (await postLater(bridge, 'cancelled')).headers.get('location') ?? '';
  await postLater(bridge, 'kept');
  expect((await bridge.call('DELETE', place)).status).toBe(204);
  expect((await bridge.call('GET', place)).body).toMatchObject({ state: 'cancelled', problem: null });
  expect((await bridge.call('DELETE', place)).status).toBe(204);
  expect((await bridge.call('DELETE', '/v1/messages/other')).body['code']).toBe('message-unknown');
  await bridge.close();

  const broker = await startBroker();
  onTestFinished(() => broker.close());
  const client = await connect(broker.url);
  onTestFinished(() => client.close());
  const all = client.subscribe('a', { qos: 1 });
  await all.ready;
  const next = await aBridge({ outbox, brokers: { default: { url: broker.url } } });
  expect((await all.next({ timeoutMs: 5000 })).text()).toBe('kept');
  const sent = (await postLater(next, 'sent')).headers.get('location') ?? '';
  await all.next({ timeoutMs: 5000 });
  const late = await next.call('DELETE', sent);
  expect([late.status, late.body['code']]).toEqual([409, 'message-sent']);
});
