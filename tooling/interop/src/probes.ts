/** What is tried on each broker: small programs as a user would write them. */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { startBreakingRelay } from '@omqtt/peers';
import { connect, type Client, type ClientOptions } from 'omqtt';
import type { RunningBroker } from './brokers.ts';

export type Version = '5.0' | '3.1.1';

export interface Probe {
  readonly name: string;
  /** Which versions know it. */
  readonly versions: readonly Version[];
  /** Throws when it does not work; a {@link NotOffered} when the broker says, or shows, that it does not have it. */
  run(broker: RunningBroker, version: Version): Promise<void>;
}

export class NotOffered extends Error {
  override readonly name = 'NotOffered';
}

const both = ['5.0', '3.1.1'] as const;
const only5 = ['5.0'] as const;
const only3 = ['3.1.1'] as const;
const timeoutMs = 3000;

async function open(broker: RunningBroker, version: Version, options: Partial<ClientOptions> = {}): Promise<Client> {
  return openAt(broker.urls[0] ?? '', version, options);
}

async function openAt(url: string, version: Version, options: Partial<ClientOptions> = {}): Promise<Client> {
  const bounded = { connectTimeoutMs: 5000, ...options };
  if (version === '5.0') return connect(url, { ...bounded, version });
  // What only 5.0 has is not tried with it.
  return (await connect(url, { ...bounded, version })) as unknown as Client;
}

const newTopic = (): string => `interop/${randomUUID()}`;

async function carry(client: Client, qos: 0 | 1 | 2, payload: string | Uint8Array = 'x'): Promise<void> {
  const topic = newTopic();
  const messages = client.subscribe(topic, { qos });
  const [granted] = await messages.ready;
  if (granted !== undefined && granted.qos < qos) throw new NotOffered(`grants QoS ${granted.qos}`);
  await client.publish(topic, payload, { qos, timeoutMs });
  const message = await messages.next({ timeoutMs });
  if (message.payload.length !== payload.length) throw new Error(`${message.payload.length} bytes came back`);
  await messages.unsubscribe();
}

export const probes: readonly Probe[] = [
  {
    name: 'connect',
    versions: both,
    async run(broker, version) {
      await using client = await open(broker, version);
      await client.ping();
    },
  },
  {
    name: "connect with 'auto'",
    // Where 5.0 is refused, it ends in this one.
    versions: only3,
    async run(broker) {
      await using client = await connect(broker.urls[0] ?? '', { connectTimeoutMs: 5000, version: 'auto' });
      await carry(client as unknown as Client, 1);
    },
  },
  ...([0, 1, 2] as const).map((qos): Probe => ({
    name: `QoS ${qos}`,
    versions: both,
    async run(broker, version) {
      await using client = await open(broker, version);
      await carry(client, qos);
    },
  })),
  {
    name: 'retained messages',
    versions: both,
    async run(broker, version) {
      await using client = await open(broker, version);
      const topic = newTopic();
      await client.publish(topic, 'kept', { qos: 1, retain: true, timeoutMs });
      const message = await client.subscribe(topic).next({ timeoutMs });
      if (!message.retain) throw new Error('The message came without its flag.');
    },
  },
  {
    name: 'will',
    versions: both,
    async run(broker, version) {
      const topic = newTopic();
      await using watcher = await open(broker, version);
      const wills = watcher.subscribe(topic, { qos: 1 });
      await wills.ready;
      const relay = await startBreakingRelay(Number(new URL(broker.urls[0] ?? '').port));
      try {
        const will = { topic, payload: 'gone', qos: 1 } as const;
        const client = await openAt(`mqtt://127.0.0.1:${relay.port}`, version, { reconnect: false, will });
        relay.breakAll();
        await wills.next({ timeoutMs });
        await client.close();
      } finally {
        await relay.close();
      }
    },
  },
  {
    name: 'session resume',
    versions: both,
    async run(broker, version) {
      const clientId = `interop-${randomUUID().slice(0, 8)}`;
      const topic = newTopic();
      const session = version === '5.0' ? { session: { expirySeconds: 60 } } : {};
      const options = { clientId, cleanStart: false, ...session };
      const first = await open(broker, version, options);
      await first.subscribe(topic, { qos: 1 }).ready;
      await first.close();
      await using other = await open(broker, version);
      await other.publish(topic, 'meanwhile', { qos: 1, timeoutMs });
      const second = await open(broker, version, { ...options, session: { ...session.session, adopt: true } });
      const message = await second.subscribe(topic, { qos: 1 }).next({ timeoutMs });
      await second.close();
      if (message.text() !== 'meanwhile') throw new Error('Another message came.');
    },
  },
  {
    name: 'shared subscriptions',
    versions: only5,
    async run(broker, version) {
      await using one = await open(broker, version);
      await using two = await open(broker, version);
      const topic = newTopic();
      const came: string[] = [];
      for (const client of [one, two]) {
        await client.subscribe(topic, { qos: 1, share: 'group' }, (message) => came.push(message.text())).ready;
      }
      const sent = ['a', 'b', 'c', 'd'];
      for (const text of sent) await one.publish(topic, text, { qos: 1, timeoutMs });
      // Whatever would come to both comes in this time.
      await wait(500);
      if (came.toSorted().join() !== sent.join()) throw new Error(`Of ${sent.join()} came ${came.join()}.`);
    },
  },
  {
    name: 'subscription identifiers',
    versions: only5,
    async run(broker, version) {
      await using client = await open(broker, version);
      const topic = newTopic();
      const messages = client.subscribe(topic, { qos: 1, identifier: 42 });
      await messages.ready;
      await client.publish(topic, 'x', { qos: 1, timeoutMs });
      const { properties } = await messages.next({ timeoutMs });
      if (properties.subscriptionIdentifiers?.includes(42) !== true) throw new Error('It came without its identifier.');
    },
  },
  {
    name: 'topic aliases',
    versions: only5,
    async run(broker, version) {
      await using client = await open(broker, version);
      const topic = newTopic();
      const messages = client.subscribe(topic, { qos: 0 });
      await messages.ready;
      if ((client.connection?.limits.topicAliasMaximum ?? 0) === 0) throw new NotOffered('allows none');
      for (const text of ['1', '2']) await client.publish(topic, text, { alias: 'always', timeoutMs });
      await messages.next({ timeoutMs });
      await messages.next({ timeoutMs });
    },
  },
  {
    name: 'request and response',
    versions: only5,
    async run(broker, version) {
      await using client = await open(broker, version);
      const topic = newTopic();
      await client.respond(topic, (request) => request.text().toUpperCase()).ready;
      const answer = await client.request(topic, 'a', { timeoutMs });
      if (answer.text() !== 'A') throw new Error('Another answer came.');
    },
  },
  {
    name: 'message expiry',
    versions: only5,
    async run(broker, version) {
      await using client = await open(broker, version);
      const topic = newTopic();
      const properties = { messageExpirySeconds: 1 };
      await client.publish(topic, 'short', { qos: 1, retain: true, properties, timeoutMs } as object);
      await wait(2100);
      const messages = client.subscribe(topic, { qos: 1 });
      await messages.ready;
      const came = await messages.next({ timeoutMs: 500 }).then(
        () => true,
        () => false,
      );
      if (came) throw new NotOffered('delivers after the expiry');
    },
  },
  {
    name: 'payload of 1 MiB',
    versions: both,
    async run(broker, version) {
      await using client = await open(broker, version);
      await carry(client, 1, new Uint8Array(1_048_576 - 100));
    },
  },
  {
    name: 'WebSocket',
    versions: both,
    async run(broker, version) {
      if (broker.webSocketUrl === undefined) throw new NotOffered('not set up');
      await using client = await openAt(broker.webSocketUrl, version);
      await carry(client, 1);
    },
  },
  {
    name: 'reconnect after kill -9',
    versions: both,
    async run(broker, version) {
      await using client = await open(broker, version, { reconnect: { initialMs: 100, maxMs: 500 } });
      const again = new Promise<void>((resolve) => {
        client.on('status', ({ type }) => type === 'connected' && resolve());
      });
      await broker.killFirst();
      await broker.startFirst();
      await Promise.race([
        again,
        wait(20_000, undefined, { ref: false }).then(() => Promise.reject(new Error('It did not come back.'))),
      ]);
      await carry(client, 1);
    },
  },
];
