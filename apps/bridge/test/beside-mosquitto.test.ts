import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, connect } from 'omqtt';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { BridgeOptions } from '../src/index.ts';
import { aBridge, ready, type TestBridge } from './a-bridge.ts';
import { openStream } from './event-stream.ts';
import { type Mosquitto, mosquitto, startMosquitto } from './mosquitto.ts';
import { openPage } from './sockets/page.ts';

interface Scene {
  readonly broker: Mosquitto;
  readonly bridge: TestBridge;
  readonly client: Client;
}

async function scene(options: BridgeOptions = {}): Promise<Scene> {
  const broker = await startMosquitto();
  const bridge = await aBridge({ brokers: { default: { url: broker.url, reconnectMaxMs: 200 } }, ...options });
  const client = await connect(broker.url, { reconnect: { maxMs: 200 } });
  onTestFinished(() => client.close());
  await ready(bridge);
  return { broker, bridge, client };
}

function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'omqtt-bridge-outbox-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

describe.skipIf(mosquitto.isMissing)('with mosquitto', () => {
  test.each([0, 1, 2] as const)('a message of QoS %i arrives with its properties', async (qos) => {
    const { bridge, client } = await scene();
    const all = client.subscribe('a/#', { qos: 2 });
    await all.ready;
    const headers = { 'content-type': 'text/plain', 'mqtt-user-property': 'k=v', 'mqtt-message-expiry': '60' };
    const answer = await bridge.call('POST', `/v1/topics/a//ä?qos=${qos}`, { body: 'x', headers });
    expect([answer.status, answer.body['guarantee']]).toEqual(qos === 0 ? [202, 'transport'] : [200, 'broker-ack']);
    const message = await all.next({ timeoutMs: 5000 });
    expect([message.topic, message.text(), message.qos, message.userProperties]).toEqual([
      'a//ä',
      'x',
      qos,
      [['k', 'v']],
    ]);
    expect(message.properties.contentType).toBe('text/plain');
  });

  test('it is told that nobody is subscribed', async () => {
    const { bridge } = await scene();
    const answer = await bridge.call('POST', '/v1/topics/nobody', { body: 'x' });
    expect([answer.status, answer.body['matchingSubscribers']]).toEqual([200, false]);
  });

  test('what is retained can be put, read, waited for, listed and deleted', async () => {
    const { bridge } = await scene();
    expect((await bridge.call('GET', '/v1/topics/a')).status).toBe(404);
    expect((await bridge.call('PUT', '/v1/topics/a', { body: '1' })).status).toBe(200);
    const first = await bridge.call('GET', '/v1/topics/a');
    const headers = { 'if-none-match': first.headers.get('etag') ?? '' };
    expect([first.text, (await bridge.call('GET', '/v1/topics/a', { headers })).status]).toEqual(['1', 304]);
    const waiting = bridge.call('GET', '/v1/topics/a?wait=20', { headers });
    await bridge.call('PUT', '/v1/topics/a', { body: '2' });
    expect((await waiting).text).toBe('2');
    const { body } = await bridge.call('GET', '/v1/retained?filter=%23');
    expect(body['messages']).toMatchObject([{ topic: 'a', payload: '2' }]);
    expect((await bridge.call('DELETE', '/v1/topics/a')).status).toBe(204);
    expect((await bridge.call('GET', '/v1/topics/a')).status).toBe(404);
  });

  test('a stream shows what is retained and what comes, and a session what came meanwhile', async () => {
    const { bridge, broker, client } = await scene();
    await client.publish('a', 'old', { qos: 1, retain: true });
    const live = await openStream(`${bridge.url}/v1/events?filter=a`);
    await live.json('ready');
    expect(await live.json('message')).toMatchObject({ payload: 'old', retain: true });
    await live.json('snapshot-end');
    const url = '/v1/events?filter=a&mode=session&name=s';
    const before = await openStream(`${bridge.url}${url}`);
    await before.json('ready');
    expect((await before.json('message'))['payload']).toBe('old');
    await client.publish('a', 'new', { qos: 1 });
    expect([(await live.json('message'))['payload'], (await before.json('message'))['payload']]).toEqual([
      'new',
      'new',
    ]);
    await bridge.close();
    await client.publish('a', 'meanwhile', { qos: 1 });
    const other = await aBridge({ brokers: { default: { url: broker.url } } });
    await ready(other);
    const after = await openStream(`${other.url}${url}`);
    expect(await after.json('ready')).toMatchObject({ resumed: true });
    expect((await after.json('message'))['payload']).toBe('meanwhile');
  });

  test('a request is answered, or nobody is there', async () => {
    const { bridge, client } = await scene();
    await client.respond('time', () => '12:00').ready;
    const answer = await bridge.call('POST', '/v1/requests/time', { body: '' });
    expect([answer.status, answer.text]).toEqual([200, '12:00']);
    const nobody = await bridge.call('POST', '/v1/requests/nobody', { body: '' });
    expect([nobody.status, nobody.body['code']]).toEqual([503, 'no-responder']);
  });

  test('a socket publishes and subscribes', async () => {
    const { bridge } = await scene();
    const page = await openPage(`${bridge.url}/v1/ws`);
    await page.ask({ type: 'sub', id: 1, filters: ['a'], snapshot: 'none' });
    page.send({ type: 'pub', id: 2, message: { topic: 'a', payload: 'x' } });
    const frames = [await page.next(), await page.next()].map(({ type }) => type);
    expect(new Set(frames)).toEqual(new Set(['ack', 'msg']));
  });

  test('callers with its user names are let in, and others are not', async () => {
    const broker = await startMosquitto({ bridge: 'own', alice: 'hers' });
    const bridge = await aBridge({
      brokers: { default: { url: broker.url, username: 'bridge', password: 'own' } },
      access: {
        basic: { enabled: true, role: 'r' },
        roles: { r: { rules: [{ actions: ['publish'], filters: ['#'] }] } },
      },
    });
    await ready(bridge);
    const status = async (credentials: string): Promise<number> => {
      const headers = { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
      return (await bridge.call('POST', '/v1/topics/a', { body: 'x', headers })).status;
    };
    expect([await status('alice:hers'), await status('alice:wrong'), await status('bob:x')]).toEqual([200, 403, 403]);
  });

  test('what is in the outbox survives its SIGKILL, and what was not sent never comes', async () => {
    const { bridge, broker } = await scene({ outbox: { enabled: true, path: aFolder() } });
    // What comes before it is back is kept for it.
    const session = { expirySeconds: 600 };
    const client = await connect(broker.url, {
      clientId: 'reader',
      cleanStart: false,
      session,
      reconnect: { maxMs: 200 },
    });
    onTestFinished(() => client.close());
    const ledger = new Map<string, number>();
    await client.subscribe('#', { qos: 1 }, (message) => {
      ledger.set(message.text(), (ledger.get(message.text()) ?? 0) + 1);
    }).ready;
    const later = async (text: string): Promise<string> => {
      const answer = await bridge.call('POST', '/v1/topics/a', { body: text, headers: { prefer: 'respond-async' } });
      expect(answer.status).toBe(202);
      return answer.headers.get('location') ?? '';
    };
    // It saves the session of the reader after it has answered, and before it answers the next one.
    for (const body of ['1', '2']) await bridge.call('POST', '/v1/topics/a', { body });
    await broker.kill();
    const places: string[] = [];
    const refused: string[] = [];
    for (let number = 0; number < 20; number += 1) {
      places.push(await later(`kept ${number}`));
      const now = await bridge.call('POST', '/v1/topics/a?wait=1', { body: `now ${number}` });
      expect([503, 504]).toContain(now.status);
      if (now.body['outcome'] === 'not-sent') refused.push(`now ${number}`);
    }
    expect(refused.length).toBeGreaterThan(0);
    await broker.start();
    for (const place of places) {
      let state: unknown = 'queued';
      while (state === 'queued') state = (await bridge.call('GET', place)).body['state'];
      expect(state).toBe('accepted');
    }
    // The connections that callers share may come back later than that of the outbox.
    let last = 503;
    while (last === 503) last = (await bridge.call('POST', '/v1/topics/a', { body: 'last' })).status;
    expect(last).toBe(200);
    while (!ledger.has('last')) await new Promise((resolve) => setTimeout(resolve, 10));
    while ([...ledger.keys()].filter((text) => text.startsWith('kept')).length < 20) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(refused.filter((text) => ledger.has(text))).toEqual([]);
  }, 60_000);
});
