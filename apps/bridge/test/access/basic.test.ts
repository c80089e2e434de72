import { startBroker } from '@omqtt/broker';
import { connect } from 'omqtt';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { BridgeOptions } from '../../src/index.ts';
import { jsonLog } from '../../src/ops/json-log.ts';
import { aBridge, ready, type TestBridge } from '../a-bridge.ts';
import { openStream } from '../event-stream.ts';
import { openPage } from '../sockets/page.ts';

const basic = (name: string, password = 'right'): { headers: Record<string, string> } => {
  return { headers: { authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` } };
};

const access: NonNullable<BridgeOptions['access']> = {
  basic: { enabled: true, role: 'caller' },
  roles: {
    caller: {
      rules: [
        { actions: ['publish', 'subscribe', 'read', 'request'], filters: ['#'] },
        { effect: 'deny', actions: ['publish'], filters: ['never'] },
      ],
    },
  },
};

interface Scene {
  readonly bridge: TestBridge;
  /** How often somebody of a name asked to be let in. */
  readonly asked: Map<string, number>;
  /** Reason codes by user name; others are let in with the right password. */
  readonly verdicts: Map<string, number>;
  readonly broker: Awaited<ReturnType<typeof startBroker>>;
}

async function scene(options: BridgeOptions = {}): Promise<Scene> {
  const [asked, verdicts] = [new Map<string, number>(), new Map<string, number>()];
  const broker = await startBroker({
    authenticate: ({ username = 'bridge', password }) => {
      asked.set(username, (asked.get(username) ?? 0) + 1);
      const reasonCode = verdicts.get(username);
      if (reasonCode !== undefined) return { reasonCode };
      const isRight = username === 'bridge' || Buffer.from(password ?? []).toString() === 'right';
      return isRight || { reasonCode: 0x86 };
    },
    authorize: ({ username, topic }) => username !== 'alice' || !topic.startsWith('bob/'),
  });
  onTestFinished(() => broker.close());
  const bridge = await aBridge({ access, brokers: { default: { url: broker.url } }, ...options });
  await ready(bridge);
  return { bridge, asked, verdicts, broker };
}

describe('basic authentication', () => {
  test('lets in whom the broker lets in, with connections of their own, once for all requests', async () => {
    const { bridge, asked } = await scene();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => bridge.call('POST', '/v1/topics/a', { ...basic('alice'), body: 'x' })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(asked.get('alice')).toBe(1);
    expect((await bridge.call('GET', '/v1/whoami', basic('alice'))).body['id']).toBe('basic:alice');
    expect((await bridge.call('GET', '/v1/whoami')).status).toBe(401);
    expect((await bridge.call('GET', '/v1/whoami', basic('', ''))).status).toBe(401);
  });

  test('leaves it to the broker what they may, and to their role what they may not', async () => {
    const { bridge } = await scene();
    const publish = (topic: string): ReturnType<typeof bridge.call> => {
      return bridge.call('POST', `/v1/topics/${topic}`, { ...basic('alice'), body: 'x' });
    };
    expect((await publish('bob/x')).body['code']).toBe('not-authorized');
    expect((await publish('never')).body['code']).toBe('acl-denied');
    expect((await publish('alice/x')).status).toBe(200);
    const other = await bridge.call('POST', '/v1/topics/bob/x', { ...basic('bob'), body: 'x' });
    expect(other.status).toBe(200);
  });

  test.each([
    [0x84, 502, 'connack-failed'],
    [0x85, 400, 'connack-client-id'],
    [0x86, 401, 'connack-credentials'],
    [0x87, 403, 'connack-not-authorized'],
    [0x8a, 403, 'connack-not-authorized'],
    [0x8c, 401, 'connack-credentials'],
    [0x97, 429, 'connack-quota'],
    [0x9c, 502, 'connack-failed'],
    [0x9d, 502, 'connack-failed'],
    [0x9f, 429, 'connack-quota'],
    [0x88, 503, 'broker-unavailable'],
  ])('CONNACK 0x%x is %i %s, and not sent', async (...[reasonCode, status, code]) => {
    const { bridge, verdicts } = await scene();
    verdicts.set('mallory', reasonCode);
    const answer = await bridge.call('POST', '/v1/topics/a', { ...basic('mallory'), body: 'x' });
    expect([answer.status, answer.body['code'], answer.body['outcome']]).toEqual([status, code, 'not-sent']);
    expect(answer.body['mqtt']).toMatchObject({ packet: 'CONNACK', reasonCode });
    expect(answer.headers.get('www-authenticate') !== null).toBe(status === 401);
    expect(answer.headers.get('retry-after') !== null).toBe(status >= 429);
  });

  test.each([
    [4, 401, 'connack-credentials'],
    [5, 403, 'connack-not-authorized'],
  ])('CONNACK %i of 3.1.1 is %i %s', async (...[returnCode, status, code]) => {
    const broker = await startBroker({
      authenticate: ({ username }) => username === undefined || { reasonCode: returnCode === 4 ? 0x86 : 0x87 },
    });
    onTestFinished(() => broker.close());
    const bridge = await aBridge({ access, brokers: { default: { url: broker.url, version: '3.1.1' } } });
    await ready(bridge);
    const answer = await bridge.call('GET', '/v1/whoami', basic('mallory'));
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
  });

  test('who was refused is refused again without asking the broker, others are not', async () => {
    const { bridge, asked, verdicts } = await scene();
    for (let attempt = 0; attempt < 5; attempt += 1) {
      expect((await bridge.call('GET', '/v1/whoami', basic('mallory', 'wrong'))).status).toBe(401);
    }
    expect(asked.get('mallory')).toBe(1);
    expect((await bridge.call('GET', '/v1/whoami', basic('mallory'))).status).toBe(200);
    verdicts.set('other', 0x87);
    expect((await bridge.call('GET', '/v1/whoami', basic('other'))).status).toBe(403);
  });

  test('connections that are not used give way to others, those of open streams do not', async () => {
    const { bridge, asked } = await scene({
      access: { ...access, basic: { enabled: true, role: 'caller', maximumIdentities: 1 } },
    });
    expect((await bridge.call('GET', '/v1/whoami', basic('alice'))).status).toBe(200);
    const stream = await openStream(`${bridge.url}/v1/events?filter=a&snapshot=none`, basic('bob'));
    await stream.json('ready');
    const full = await bridge.call('GET', '/v1/whoami', basic('alice'));
    expect([full.status, full.body['code']]).toEqual([503, 'overloaded']);
    await bridge.call('POST', '/v1/topics/a', { ...basic('bob'), body: 'x' });
    expect((await stream.json('message'))['payload']).toBe('x');
    stream.close();
    let status = 503;
    while (status === 503) ({ status } = await bridge.call('GET', '/v1/whoami', basic('alice')));
    expect([status, asked.get('alice')]).toEqual([200, 2]);
  });

  test('connections are closed when nothing was asked for a while', async () => {
    const { bridge, broker } = await scene({
      access: { ...access, basic: { enabled: true, role: 'caller', idleMs: 1 } },
    });
    await bridge.call('GET', '/v1/whoami', basic('alice'));
    const names = (): (string | undefined)[] => broker.clients.map(({ username }) => username);
    while (names().includes('alice')) await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await bridge.call('GET', '/v1/whoami', basic('alice'))).status).toBe(200);
  });

  test('a ticket opens a socket on the connections of its caller', async () => {
    const { bridge } = await scene();
    const { ticket } = (await bridge.call('POST', '/v1/tickets', basic('alice'))).body;
    const page = await openPage(`${bridge.url}/v1/ws?ticket=${String(ticket)}`);
    const refused = await page.ask({ type: 'pub', id: 1, message: { topic: 'bob/x' } });
    expect(refused).toMatchObject({ problem: { code: 'not-authorized' } });
    expect(await page.ask({ type: 'pub', id: 2, message: { topic: 'a' } })).toMatchObject({ status: 200 });
  });

  test('a stream outlives a broker that goes away for a moment', async () => {
    const { bridge, broker } = await scene();
    const stream = await openStream(`${bridge.url}/v1/events?filter=a&snapshot=none`, basic('alice'));
    await stream.json('ready');
    await broker.goAway({ keepSessions: true });
    let status = 200;
    while (status !== 503) ({ status } = await bridge.call('GET', '/v1/whoami', basic('alice')));
    await broker.comeBack();
    while (status !== 200) ({ status } = await bridge.call('GET', '/v1/whoami', basic('alice')));
    const client = await connect(broker.url);
    onTestFinished(() => client.close());
    await client.publish('a', 'after', { qos: 1 });
    expect((await stream.json('message'))['payload']).toBe('after');
  }, 20_000);

  test('no password is in any log, problem or metric', async () => {
    const lines: string[] = [];
    const logger = jsonLog((line) => void lines.push(line), 'debug');
    const { bridge } = await scene({ logger });
    const secret = 'open-sesame-42';
    const answer = await bridge.call('GET', '/v1/whoami', basic('mallory', secret));
    const metrics = await (await fetch(`${bridge.adminUrl ?? ''}/metrics`)).text();
    const everything = [answer.text, metrics, ...lines].join('\n');
    expect(answer.status).toBe(401);
    expect(everything).not.toContain(secret);
    expect(everything).not.toContain(basic('mallory', secret).headers['authorization']?.slice(6));
  });

  test('is off unless it is asked for, and then needs a role that exists', async () => {
    const bridge = await aBridge({
      access: { roles: {}, keys: [] },
      brokers: { default: { url: 'mqtt://127.0.0.1:1' } },
    });
    // Open, so whoever it is needs no credentials.
    expect((await bridge.call('GET', '/v1/whoami', basic('alice'))).body['id']).toBe('anonymous');
    await expect(aBridge({ access: { basic: { enabled: true } } })).rejects.toThrow('/access/roles has no ""');
  });
});
