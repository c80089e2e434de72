import { describe, expect, onTestFinished, test } from 'vitest';
import { connect } from '../../src/index.ts';
import { SimpleClient, type SimpleOptions } from '../../src/simple/index.ts';
import { mosquitto, startBroker } from '../mosquitto.ts';

function simpleClient(url: string, options: Partial<SimpleOptions> = {}): SimpleClient {
  const client = new SimpleClient({ clientId: 'device', url, ...options });
  onTestFinished(() => client.disconnect());
  return client;
}

const limit = { timeoutMs: 5000 };

describe.skipIf(mosquitto.isMissing)('the simple client, against mosquitto', () => {
  test('[parity M1, M2, M4] connects to a new session, and hands topic and bytes to the callback', async () => {
    const broker = await startBroker();
    const client = simpleClient(broker.url);
    const calls: unknown[][] = [];
    client.setCallback((...args) => calls.push(args));
    expect(await client.connect()).toBe(false);
    expect(client.isConnected).toBe(true);
    expect(await client.subscribe('a/+')).toBe(0);
    await client.publish('a/b', Uint8Array.of(1, 0xff));
    await client.waitMessage(limit);
    expect(calls).toEqual([['a/b', Uint8Array.of(1, 0xff)]]);
  });

  test('[parity M3] the server publishes the last will when the client disappears', async () => {
    const broker = await startBroker();
    const witness = await connect(broker.url);
    onTestFinished(() => witness.close());
    const wills = witness.subscribe('gone');
    await wills.ready;
    const client = simpleClient(broker.url);
    client.setLastWill('gone', 'device', { qos: 1 });
    await client.connect();
    // Another one with the same id: the server throws the first out.
    const second = simpleClient(broker.url);
    second.setCallback(() => {});
    await second.connect();
    expect((await wills.next(limit)).text()).toBe('device');
    await expect(client.waitMessage(limit)).rejects.toMatchObject({ code: 'connection-lost' });
  });

  test('[parity M4] tells that the server has kept the session, and gets what came meanwhile', async () => {
    const broker = await startBroker();
    const client = simpleClient(broker.url);
    const payloads: string[] = [];
    client.setCallback((_, payload) => payloads.push(Buffer.from(payload).toString()));
    expect(await client.connect({ cleanSession: false })).toBe(false);
    await client.subscribe('kept', { qos: 1 });
    await client.disconnect();
    const other = await connect(broker.url);
    onTestFinished(() => other.close());
    await other.publish('kept', 'meanwhile', { qos: 1 });
    expect(await client.connect({ cleanSession: false })).toBe(true);
    await client.subscribe('kept', { qos: 1 });
    await client.waitMessage(limit);
    expect(payloads).toEqual(['meanwhile']);
  });

  test('[parity M4, M11] a refusal is one error with the code of the server', async () => {
    const broker = await startBroker({ lines: ['allow_anonymous false'] });
    const client = simpleClient(broker.url);
    await expect(client.connect()).rejects.toMatchObject({ code: 'connect-refused', reasonCode: 0x87 });
    expect(client.isConnected).toBe(false);
  });

  test('[parity M5] disconnects in order, so that no will is published, and may connect again', async () => {
    const broker = await startBroker();
    const witness = await connect(broker.url);
    onTestFinished(() => witness.close());
    const wills = witness.subscribe('#');
    await wills.ready;
    const client = simpleClient(broker.url);
    client.setLastWill('gone', 'device');
    await client.connect();
    await client.disconnect();
    expect(await client.connect()).toBe(false);
    await client.publish('alive', '');
    expect((await wills.next(limit)).topic).toBe('alive');
  });

  test('[parity M6] measures a round trip', async () => {
    const broker = await startBroker();
    const client = simpleClient(broker.url);
    await client.connect();
    expect(await client.ping(limit)).toBeGreaterThanOrEqual(0);
  });

  test('[parity M7, M9] messages of every QoS arrive once, and publishing waits for the server', async () => {
    const broker = await startBroker();
    const client = simpleClient(broker.url);
    const payloads: number[] = [];
    client.setCallback((_, [first]) => payloads.push(first ?? -1));
    await client.connect();
    expect(await client.subscribe('all/#', { qos: 2 })).toBe(2);
    // Overlapping on purpose: a message is handed over once.
    await client.subscribe('all/+', { qos: 2 });
    for (const qos of [0, 1, 2] as const) await client.publish('all/x', Uint8Array.of(qos), { qos });
    for (let count = 0; count < 3; count += 1) await client.waitMessage(limit);
    expect(payloads).toEqual([0, 1, 2]);
    expect(await client.checkMessage()).toBe(false);
  });

  test('[parity M7] a retained message is kept for those who come later', async () => {
    const broker = await startBroker();
    const client = simpleClient(broker.url);
    const payloads: string[] = [];
    client.setCallback((_, payload) => payloads.push(Buffer.from(payload).toString()));
    await client.connect();
    await client.publish('state', 'on', { retain: true, qos: 1 });
    await client.subscribe('state');
    await client.waitMessage(limit);
    expect(payloads).toEqual(['on']);
  });

  test('[parity M8] subscribing needs a callback, takes a long filter, and a refusal is an error [parity B30]', async () => {
    const broker = await startBroker();
    const client = simpleClient(broker.url);
    await client.connect();
    await expect(client.subscribe('a')).rejects.toMatchObject({ code: 'invalid-state' });
    const topics: string[] = [];
    client.setCallback((topic) => topics.push(topic));
    const long = 'ü/'.repeat(200);
    await client.subscribe(long);
    await client.publish(long, '');
    await client.waitMessage(limit);
    expect(topics).toEqual([long]);
    await expect(client.subscribe('a/#/b')).rejects.toMatchObject({ code: 'invalid-topic' });
  });

  test('[parity M9] a message is acknowledged after its callback, and not when the callback fails [parity B31]', async () => {
    const broker = await startBroker();
    const client = simpleClient(broker.url);
    let attempts = 0;
    client.setCallback(() => {
      attempts += 1;
      if (attempts === 1) throw new Error('not now');
    });
    await client.connect({ cleanSession: false });
    await client.subscribe('work', { qos: 1 });
    await client.publish('work', 'x', { qos: 1 });
    await expect(client.waitMessage(limit)).rejects.toThrow('not now');
    await client.disconnect();
    // It was not acknowledged, so it comes again.
    expect(await client.connect({ cleanSession: false })).toBe(true);
    await client.subscribe('work', { qos: 1 });
    await client.waitMessage(limit);
    expect(attempts).toBe(2);
  });

  test('[parity M9, M10] a lost connection is an error, not silence [parity B31]', async () => {
    const broker = await startBroker();
    const client = simpleClient(broker.url);
    client.setCallback(() => {});
    await client.connect();
    const waiting = client.waitMessage(limit).catch((error: unknown) => error);
    await broker.kill();
    expect(await waiting).toMatchObject({ code: 'connection-lost' });
    await expect(client.checkMessage()).rejects.toMatchObject({ code: 'connection-lost' });
  });

  test('[parity M10] looks whether there is a message, and waits no longer than told', async () => {
    const broker = await startBroker();
    const client = simpleClient(broker.url);
    client.setCallback(() => {});
    await client.connect();
    expect(await client.checkMessage()).toBe(false);
    await expect(client.waitMessage({ timeoutMs: 1 })).rejects.toMatchObject({ code: 'timed-out' });
    await expect(client.waitMessage({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' });
  });

  test(
    '[parity M12] more messages than there are packet ids go through [parity B32]',
    { timeout: 60_000 },
    async () => {
      const broker = await startBroker({ lines: ['max_inflight_messages 0', 'max_queued_messages 0'] });
      const client = simpleClient(broker.url);
      await client.connect();
      for (let round = 0; round < 66; round += 1) {
        await Promise.all(Array.from({ length: 1000 }, () => client.publish('count', '', { qos: 1 })));
      }
      expect(await client.ping(limit)).toBeGreaterThanOrEqual(0);
    },
  );

  test('[parity M13] unsubscribes, and nothing comes any more', async () => {
    const broker = await startBroker();
    const client = simpleClient(broker.url);
    client.setCallback(() => {});
    await client.connect();
    await client.subscribe('a');
    await client.unsubscribe('a');
    await client.publish('a', '', { qos: 1 });
    await client.ping(limit);
    expect(await client.checkMessage()).toBe(false);
  });

  test('says what to do when it is not connected', async () => {
    const client = simpleClient('mqtt://127.0.0.1:1');
    await expect(client.publish('a', '')).rejects.toMatchObject({ code: 'invalid-state' });
  });
});
