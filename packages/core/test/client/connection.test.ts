import type { Clock } from '@omqtt/contracts';
import type { FakeClock } from '@omqtt/testkit';
import { describe, expect, test } from 'vitest';
import { connect, connected, newBench } from './bench.ts';
import { recordingLogger } from './recording-logger.ts';

describe('the facts of a connection', () => {
  test('stand in a snapshot that nobody can change, and that stays when the next connection begins [parity Z5, E5, E7, P16]', async () => {
    const properties = {
      assignedClientId: 'given',
      serverKeepAliveSeconds: 7,
      sessionExpirySeconds: 60,
      receiveMaximum: 3,
      maximumQoS: 1 as const,
      userProperties: [['a', 'b']] as const,
    };
    const { client, broker, clock } = await connected({ session: { expirySeconds: 3600 } }, { properties });
    const first = client.connection;
    expect(first).toMatchObject({
      number: 1,
      version: '5.0',
      clientId: 'given',
      sessionPresent: false,
      properties,
      limits: { receiveMaximum: 3, maximumQoS: 1, retainAvailable: true, maximumPacketBytes: Infinity },
      keepAliveSeconds: 7,
      sessionExpirySeconds: 60,
      connectedAt: clock.now(),
      transport: { peer: 'memory:broker.test:1883', isSecure: false },
    });
    expect(Object.isFrozen(first)).toBe(true);
    expect([first?.limits, first?.properties].every(Object.isFrozen)).toBe(true);
    await clock.settle(5000);
    broker.cut();
    await clock.settle();
    expect(client.connection).toBeUndefined();
    await clock.settle(500);
    await broker.acceptConnection({ connect: { clientId: 'given', cleanStart: false } });
    await clock.settle();
    expect(client.connection).toMatchObject({ number: 2, limits: { receiveMaximum: 65_535 }, keepAliveSeconds: 60 });
    expect(first).toMatchObject({ number: 1, keepAliveSeconds: 7 });
    expect(client.clientId).toBe('given');
  });

  test('include the keep-alive that the server wants, for this connection only [5.0 MQTT-3.2.2-21] [parity Z32, E13]', async () => {
    const { broker, clock } = await connected({}, { properties: { serverKeepAliveSeconds: 2 } });
    await clock.settle(1800);
    await broker.expect('pingreq');
    broker.cut();
    await clock.settle(500);
    await broker.acceptConnection({ connect: { keepAliveSeconds: 60 } });
    await clock.settle(30_000);
    await expect(broker.expectNothing()).resolves.toBeUndefined();
  });
});

test('a client is connected from CONNACK to the end of the connection, and at no other time [parity O13]', async () => {
  const bench = newBench();
  const { client, broker, clock } = bench;
  const seen = [client.isConnected];
  void client.connect();
  await broker.expect('connect');
  seen.push(client.isConnected);
  broker.send({ type: 'connack', sessionPresent: false, reasonCode: 0, properties: { assignedClientId: 'x' } });
  await clock.settle();
  seen.push(client.isConnected);
  broker.cut();
  await clock.settle();
  seen.push(client.isConnected);
  await clock.settle(500);
  await broker.acceptConnection();
  await clock.settle();
  seen.push(client.isConnected);
  await client.disconnect();
  seen.push(client.isConnected);
  expect(seen).toEqual([false, false, true, false, true, false]);
});

describe('a silent server', () => {
  test('is left when it does not answer a ping, and looked for again [parity Z32, B31]', async () => {
    const { broker, clock, statuses } = await connected({ keepAliveSeconds: 10, pingTimeoutMs: 3000 });
    broker.link.vanish();
    await clock.settle(9000 + 2999);
    expect(statuses.at(-1)?.type).toBe('connected');
    await clock.settle(1);
    expect(statuses.at(-1)).toMatchObject({ type: 'waiting', error: { code: 'keep-alive-timeout' } });
  });

  test('is noticed at once by a machine that slept', async () => {
    let sleptMs = 0;
    // Nothing happens while it sleeps, and then the clock says how long it was.
    const clockOf = (clock: FakeClock): Clock => ({
      now: () => clock.now() + sleptMs,
      wakeAt: (at, callback) => clock.wakeAt(at - sleptMs, callback),
    });
    const { broker, clock, statuses } = await connected({ keepAliveSeconds: 10, pingTimeoutMs: 3000, clockOf });
    await clock.settle(8000);
    sleptMs = 3_600_000;
    await clock.settle(1000);
    await broker.expect('pingreq');
    await clock.settle(2999);
    expect(statuses.at(-1)?.type).toBe('connected');
    await clock.settle(1);
    expect(statuses.at(-1)?.type).toBe('waiting');
  });

  test('is not asked for when the keep-alive is off [parity E13, B29]', async () => {
    const { broker, clock } = await connected({ keepAliveSeconds: 0 });
    await clock.settle(86_400_000);
    await expect(broker.expectNothing()).resolves.toBeUndefined();
  });
});

describe('status', () => {
  test('begins with the present one, and leaving the loop ends it', async () => {
    const { client, clock, broker } = await connected();
    const seen: string[] = [];
    const reading = (async () => {
      for await (const { type } of client.status()) {
        seen.push(type);
        if (type === 'waiting') break;
      }
    })();
    await clock.settle();
    broker.cut();
    await clock.settle();
    await reading;
    expect(seen).toEqual(['connected', 'waiting']);
  });

  test('does not gather without bound for those who do not read', async () => {
    const { client, clock, transport } = newBench({ reconnect: { initial: true, initialMs: 1, maxMs: 1 } });
    const status = client.status();
    transport.refuseDials('unreachable', Infinity);
    client.connect().catch(() => undefined);
    await clock.settle(500);
    await client.close();
    const seen = [];
    for await (const { type } of status) seen.push(type);
    expect(seen.length).toBeLessThanOrEqual(101);
  });

  test('is told to listeners until they are taken away, and one that fails disturbs nobody [parity Z4, E35]', async () => {
    const { logger, said } = recordingLogger();
    const bench = newBench({ logger });
    const seen: string[] = [];
    bench.client.on('status', () => {
      throw new Error('mine');
    });
    const off = bench.client.on('status', ({ type }) => seen.push(type));
    await connect(bench);
    off();
    await bench.client.disconnect();
    expect(seen).toEqual(['connecting', 'connected']);
    expect(said.filter(([level]) => level === 'error').length).toBe(3);
  });
});
