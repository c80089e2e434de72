import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Packet } from '../src/index.ts';
import { connectFor, limit, nextStatus } from './connecting.ts';
import { Gate } from './gate.ts';
import { mosquitto, startBroker } from './mosquitto.ts';
import { startRelay } from './relay.ts';

const versions = ['5.0', '3.1.1'] as const;

describe.skipIf(mosquitto.isMissing)('against mosquitto', () => {
  describe.each(versions)('MQTT %s', (version) => {
    test('a retained message waits for those who come later, until an empty one takes it away [parity E50]', async () => {
      const broker = await startBroker();
      const client = await connectFor(broker, { version });
      await client.publish('state', 'on', { qos: 1, retain: true });
      const first = client.subscribe('state');
      const message = await first.next(limit);
      expect([message.text(), message.retain]).toEqual(['on', true]);
      await first.unsubscribe();
      await client.publish('state', '', { qos: 1, retain: true });
      const second = client.subscribe('state');
      await second.ready;
      await client.publish('state', 'live', { qos: 1 });
      const live = await second.next(limit);
      expect([live.text(), live.retain]).toEqual(['live', false]);
    });

    test('the will is published when the connection breaks, and not after a goodbye [parity Z6, E49, B1]', async () => {
      const broker = await startBroker();
      const relay = await startRelay(broker.port);
      const witness = await connectFor(broker);
      const wills = witness.subscribe('will/+', { qos: 2 });
      await wills.ready;
      const options = { version, reconnect: false } as const;
      const polite = await connectFor(broker, { ...options, will: { topic: 'will/polite', payload: '' } });
      await polite.disconnect();
      await connectFor({ url: relay.url }, { ...options, will: { topic: 'will/cut', payload: 'gone', qos: 2 } });
      relay.cut();
      const message = await wills.next(limit);
      expect([message.topic, message.text(), message.qos]).toEqual(['will/cut', 'gone', 2]);
    });

    test('a session goes on after a cut: what came meanwhile arrives, and nobody subscribes again [parity Z26, E38]', async () => {
      const broker = await startBroker();
      const relay = await startRelay(broker.port);
      const packets: Packet[] = [];
      const session = version === '5.0' ? { expirySeconds: 60 } : {};
      const client = await connectFor(
        { url: relay.url },
        {
          version,
          clientId: 'resuming',
          cleanStart: false,
          session,
          reconnect: { initialMs: 50 },
          onPacket: ({ packet }) => packets.push(packet),
        },
      );
      const subscription = client.subscribe('kept', { qos: 2 });
      await subscription.ready;
      const sender = await connectFor(broker);
      const waiting = nextStatus(client, 'waiting');
      relay.cut();
      await waiting;
      for (const text of ['1', '2', '3']) await sender.publish('kept', text, { qos: 2 });
      const received = [];
      while (received.length < 3) received.push((await subscription.next(limit)).text());
      expect(received).toEqual(['1', '2', '3']);
      expect(client.connection).toMatchObject({ number: 2, sessionPresent: true });
      expect(packets.filter(({ type }) => type === 'subscribe')).toHaveLength(1);
    });

    test('subscriptions are made again when the server has forgotten the session', async () => {
      const broker = await startBroker();
      const relay = await startRelay(broker.port);
      const client = await connectFor({ url: relay.url }, { version, reconnect: { initialMs: 1 } });
      const subscription = client.subscribe('again', { qos: 1 });
      await subscription.ready;
      const connected = nextStatus(client, 'connected');
      relay.cut();
      await connected;
      await client.publish('again', 'here', { qos: 1 });
      expect((await subscription.next(limit)).text()).toBe('here');
    });

    test('a user and a password decide who comes in [parity O3]', async () => {
      const files = { passwords: passwordLine('ann', 'sécret') };
      const broker = await startBroker({
        files,
        lines: ['password_file $folder/passwords', 'allow_anonymous false'],
      });
      const right = { username: 'ann', password: 'sécret' };
      const client = await connectFor(broker, { version, credentials: async () => right });
      await client.publish('in', '', { qos: 1 });
      const byUrl = broker.url.replace('//', `//ann:${encodeURIComponent('sécret')}@`);
      expect((await connectFor({ url: byUrl }, { version })).isConnected).toBe(true);
      const wrong = connectFor(broker, { version, credentials: { username: 'ann', password: 'no' } });
      await expect(wrong).rejects.toMatchObject({ code: 'connect-refused', retryable: false });
    });

    test('an idle connection is kept alive, as its timeouts show', { timeout: 15_000 }, async () => {
      const broker = await startBroker();
      const pings: number[] = [];
      const three = new Gate();
      const client = await connectFor(broker, {
        version,
        keepAliveSeconds: 1,
        onPacket: ({ packet, at }) => {
          if (packet.type === 'pingresp' && pings.push(at) === 3) three.open();
        },
      });
      await three.opened;
      expect(client.connection?.number).toBe(1);
    });

    test('a group shares its messages, each to one member', async () => {
      const broker = await startBroker();
      const members = await Promise.all([connectFor(broker, { version }), connectFor(broker, { version })]);
      const shares = members.map((member) => member.subscribe('work/#', { share: 'group', qos: 2 }));
      await Promise.all(shares.map(({ ready }) => ready));
      const sender = await connectFor(broker, { version });
      const sent = Array.from({ length: 20 }, (_, index) => String(index));
      await Promise.all(sent.map((text) => sender.publish('work/a', text, { qos: 2 })));
      const received: string[] = [];
      const done = new Gate();
      const counts = shares.map(async (share) => {
        let count = 0;
        for await (const message of share) {
          count += 1;
          if (received.push(message.text()) === sent.length) done.open();
        }
        return count;
      });
      await done.opened;
      await Promise.all(shares.map((share) => share.unsubscribe()));
      expect(received.toSorted((a, b) => Number(a) - Number(b))).toEqual(sent);
      expect((await Promise.all(counts)).every((count) => count > 0)).toBe(true);
    });
  });

  test('0x04 lets the server publish the will after a goodbye [parity E49]', async () => {
    const broker = await startBroker();
    const witness = await connectFor(broker);
    const wills = witness.subscribe('will');
    await wills.ready;
    const client = await connectFor(broker, { will: { topic: 'will', payload: 'with 0x04' } });
    await client.disconnect({ reasonCode: 0x04 });
    expect((await wills.next(limit)).text()).toBe('with 0x04');
  });

  test('a delayed will does not come when the client is back in time', async () => {
    const broker = await startBroker();
    const relay = await startRelay(broker.port);
    const witness = await connectFor(broker);
    const topics = witness.subscribe('#');
    await topics.ready;
    const client = await connectFor(
      { url: relay.url },
      {
        clientId: 'back-in-time',
        session: { expirySeconds: 60 },
        will: { topic: 'will', payload: '', delaySeconds: 30 },
        reconnect: { initialMs: 1 },
      },
    );
    const connected = nextStatus(client, 'connected');
    relay.cut();
    await connected;
    await client.publish('back', '', { qos: 1 });
    expect((await topics.next(limit)).topic).toBe('back');
  });
});

/** As `mosquitto_passwd` would write it: PBKDF2 of SHA-512. */
function passwordLine(user: string, password: string): string {
  const salt = randomBytes(12);
  const hash = pbkdf2Sync(password, salt, 101, 64, 'sha512');
  return `${user}:$7$101$${salt.toString('base64')}$${hash.toString('base64')}\n`;
}
