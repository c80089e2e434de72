import { rmSync } from 'node:fs';
import { createClient, type Client, type ClientOptions, type Message } from 'omqtt';
import { describe, expect, onTestFinished, test } from 'vitest';
import { connectFor, limit, nextStatus } from '../../omqtt/test/connecting.ts';
import { mosquitto, startBroker } from '../../omqtt/test/mosquitto.ts';
import { startRelay } from '../../omqtt/test/relay.ts';
import { sqliteStore } from '../src/index.ts';
import { readAll } from './messages.ts';
import { newFolder } from './new-folder.ts';

/** A port that nobody listens on. */
const NOWHERE = 'mqtt://127.0.0.1:9';

function offlineClient(path: string, options: Partial<ClientOptions> = {}): Client {
  const session = { expirySeconds: 3600, store: sqliteStore(path) };
  const client = createClient(NOWHERE, { version: '5.0', clientId: 'durable', session, ...options } as ClientOptions & {
    version: '5.0';
  });
  onTestFinished(() => client.close());
  return client;
}

async function topicsIn(path: string): Promise<readonly string[]> {
  const store = sqliteStore(path);
  const topics = (await readAll(await store.open('durable'))).map(({ topic }) => topic);
  await store.close();
  return topics;
}

describe('a client without a connection', () => {
  test('has each message on disk when `enqueue` resolves, and leaves it there when it closes [parity O1, E15, E21]', async () => {
    const path = `${newFolder()}/state.db`;
    const client = offlineClient(path);
    for (const index of [1, 2, 3]) await client.enqueue(`t/${index}`, 'x', { qos: 1 });
    await client.close();
    expect(await topicsIn(path)).toEqual(['t/1', 't/2', 't/3']);
  });

  test.each([
    ['drop-oldest', ['b', 'c', 'a']],
    ['drop-newest', ['a', 'b', 'c']],
    ['latest-per-topic', ['b', 'c', 'a']],
  ] as const)('keeps as many messages on disk as the policy %s lets it', async (whenFull, expected) => {
    const path = `${newFolder()}/state.db`;
    const client = offlineClient(path, { offline: { maxMessages: 3, whenFull } });
    for (const topic of ['a', 'b', 'c', 'a']) await client.enqueue(topic, 'x', { qos: 1 }).catch(() => undefined);
    await client.close();
    expect(await topicsIn(path)).toEqual(expected);
  });

  test('counts what was on disk before against its limits of messages and of bytes', async () => {
    const path = `${newFolder()}/state.db`;
    const first = offlineClient(path);
    for (const topic of ['a', 'b']) await first.enqueue(topic, '12345', { qos: 1 });
    await first.close();
    for (const offline of [{ maxMessages: 2 }, { maxBytes: 12 }]) {
      const next = offlineClient(path, { offline: { ...offline, whenFull: 'reject' } });
      await expect(next.enqueue('c', '12345', { qos: 1 })).rejects.toMatchObject({ code: 'queue-full' });
      await next.close();
    }
    expect(await topicsIn(path)).toEqual(['a', 'b']);
  });

  test('says why when another client has the file open', async () => {
    const path = `${newFolder()}/state.db`;
    const owner = offlineClient(path);
    await owner.enqueue('a', 'x', { qos: 1 });
    await expect(offlineClient(path).enqueue('b', 'x', { qos: 1 })).rejects.toMatchObject({
      code: 'store-failed',
      cause: { code: 'store-locked', holder: { pid: process.pid } },
    });
  });
});

describe.skipIf(mosquitto.isMissing)('against mosquitto', () => {
  test('what was accepted without a broker arrives after a restart, in order, with its properties [parity O1, E16]', async () => {
    const path = `${newFolder()}/state.db`;
    const before = offlineClient(path);
    for (let index = 0; index < 500; index += 1) {
      const properties = { contentType: 'text/plain', userProperties: [['n', String(index)]] as const };
      void before.enqueue('t', String(index), { qos: index % 2 === 0 ? 1 : 2, properties });
    }
    await before.enqueue('t', '500', { qos: 1 });
    await before.close();

    const broker = await startBroker();
    const receiver = await connectFor(broker);
    const subscription = receiver.subscribe('t', { qos: 2 });
    await subscription.ready;
    const session = { expirySeconds: 3600, store: sqliteStore(path) };
    const after = await connectFor(broker, { clientId: 'durable', cleanStart: false, session });
    const received: Message[] = [];
    while (received.length < 501) received.push(await subscription.next(limit));
    // The broker orders each QoS by itself.
    for (const qos of [1, 2]) {
      const numbers = received.filter((message) => message.qos === qos).map((message) => Number(message.text()));
      expect(numbers).toEqual(Array.from({ length: 252 - qos }, (_, index) => index * 2 + qos - 1));
    }
    expect(received.find((message) => message.text() === '7')?.properties).toEqual({
      contentType: 'text/plain',
      userProperties: [['n', '7']],
    });
    await after.ping(limit);
    await after.close();
    expect(await topicsIn(path)).toEqual([]);
  });

  test('[5.0 MQTT-4.3.3-10] a message that was handled is not delivered again, though its PUBREC never left [parity E27]', async () => {
    const path = `${newFolder()}/state.db`;
    const broker = await startBroker();
    const relay = await startRelay(broker.port);
    const options = { clientId: 'handler', cleanStart: false, reconnect: false } as const;
    const session = (): NonNullable<ClientOptions['session']> => ({ expirySeconds: 3600, store: sqliteStore(path) });
    const first = await connectFor({ url: relay.url }, { ...options, session: session() });
    const inbox = first.subscribe('t', { qos: 2, ack: 'manual' });
    await inbox.ready;
    const publisher = await connectFor(broker);
    for (const text of ['handled', 'not handled']) await publisher.publish('t', text, { qos: 2 });
    const handled = await inbox.next(limit);
    await inbox.next(limit);
    const gone = nextStatus(first, 'disconnected');
    relay.cut();
    await gone;
    handled.ack();
    await first.close();

    const second = await connectFor(broker, { ...options, session: session() });
    const again = second.subscribe('t', { qos: 2, ack: 'manual' });
    const next = await again.next(limit);
    expect([next.text(), next.dup]).toEqual(['not handled', true]);
    next.ack();
    await publisher.publish('t', 'last', { qos: 2 });
    expect((await again.next(limit)).text()).toBe('last');
  });
});

describe('a file that is deleted while a client has it open', () => {
  test('fails what is asked for from then on, and a new client begins with a new file', async () => {
    const path = `${newFolder()}/state.db`;
    const client = offlineClient(path);
    await client.enqueue('a', 'x', { qos: 1 });
    for (const file of [path, `${path}-wal`]) rmSync(file);
    await expect(client.enqueue('b', 'x', { qos: 1 })).rejects.toMatchObject({
      code: 'store-failed',
      cause: { code: 'store-failed', message: expect.stringContaining('make a new one') as string },
    });
    await client.close();
    const next = offlineClient(path);
    await next.enqueue('c', 'x', { qos: 1 });
    await next.close();
    expect(await topicsIn(path)).toEqual(['c']);
  });
});
