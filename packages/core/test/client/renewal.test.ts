import { describe, expect, test } from 'vitest';
import { tokenAuth } from '../../src/index.ts';
import { type Bench, type BenchOptions, connected, newBench, watch } from './bench.ts';
import { recordingLogger } from './recording-logger.ts';

const LIFE_MS = 100_000;

/** A client whose credentials live for so long from when they were asked for. */
async function expiring(options: BenchOptions = {}, lifeMs = LIFE_MS): Promise<Bench> {
  let asked = 0;
  const bench: Bench = newBench({
    session: { expirySeconds: 60 },
    credentials: () => {
      asked += 1;
      return { username: `user ${asked}`, expiresAt: bench.clock.now() + lifeMs };
    },
    keepAliveSeconds: 0,
    ...options,
  });
  const isConnected = bench.client.connect();
  await bench.broker.acceptConnection({ properties: { assignedClientId: 'me' } });
  await isConnected;
  return bench;
}

/** Authenticated with a token. */
async function withToken(issue: (count: number) => string): Promise<Bench> {
  let asked = 0;
  const token = () => {
    asked += 1;
    return { token: issue(asked), expiresAt: bench.clock.now() + LIFE_MS };
  };
  const auth = tokenAuth({ method: 'T', token });
  const bench: Bench = newBench({ auth, keepAliveSeconds: 0, session: { expirySeconds: 60 } });
  const isConnected = bench.client.connect();
  await bench.broker.acceptConnection({ properties: { assignedClientId: 'me', authenticationMethod: 'T' } });
  await isConnected;
  return bench;
}

function typesOf({ statuses }: Bench): readonly string[] {
  return statuses.map(({ type }) => type);
}

describe('credentials that expire', () => {
  test.each([
    [0, 80_000],
    [1, 90_000],
  ])('are renewed ahead of it by an orderly connection, with a jitter: %i', async (random, renewedAfterMs) => {
    const bench = await expiring({ random: () => random });
    const { broker, clock, client } = bench;
    await clock.settle(renewedAfterMs - 1);
    await broker.expectNothing();
    await clock.settle(1);
    await broker.expect('disconnect', { reasonCode: 0 });
    await broker.acceptConnection({ connect: { username: 'user 2', cleanStart: false }, sessionPresent: true });
    await clock.settle();
    expect(client.isConnected).toBe(true);
    expect(typesOf(bench)).toEqual(['connecting', 'connected', 'connecting', 'connected']);
    await clock.settle(renewedAfterMs);
    await broker.expect('disconnect', { reasonCode: 0 });
    await broker.expect('connect', { username: 'user 3' });
  });

  test('wait a moment for what is on its way', async () => {
    const { broker, clock, client } = await expiring();
    const published = watch(client.publish('a', 'x', { qos: 1 }));
    const { packetId = 0 } = await broker.expect('publish');
    await clock.settle(90_000);
    await broker.expectNothing();
    broker.send({ type: 'puback', packetId, reasonCode: 0 });
    await clock.settle();
    expect(published.state).toBe('resolved');
    await broker.expect('disconnect');
  });

  test('are not renewed more often than every ten seconds, nor after they have expired', async () => {
    const { broker, clock } = await expiring({}, 1);
    await clock.settle(9999);
    await broker.expectNothing();
    await clock.settle(1);
    await broker.expect('disconnect');
    const { logger, said } = recordingLogger();
    const late = await expiring({ logger }, -1);
    await late.clock.settle(1_000_000);
    await late.broker.expectNothing();
    expect(said.filter(([level]) => level === 'warn')).toHaveLength(1);
  });

  test('are left alone by a client that must not reconnect, or that its user has disconnected', async () => {
    const alone = await expiring({ reconnect: false });
    await alone.clock.settle(1_000_000);
    await alone.broker.expectNothing();
    const { client, clock, broker } = await expiring();
    await client.disconnect();
    await broker.expect('disconnect');
    await clock.settle(1_000_000);
    await broker.expectNothing();
    expect([alone, { client }].map((bench) => bench.client.isConnected)).toEqual([true, false]);
  });

  test('and that a server refuses the next time follow the rules of any connection', async () => {
    const { statuses, clock, broker } = await expiring();
    await clock.settle(90_000);
    await broker.expect('disconnect');
    await broker.expect('connect');
    broker.send({ type: 'connack', sessionPresent: false, reasonCode: 0x86 });
    await clock.settle();
    expect(statuses.at(-1)).toMatchObject({ type: 'disconnected', error: { code: 'connect-refused' } });
  });
});

describe('a token that expires', () => {
  test('is renewed on the live connection, again and again', async () => {
    const { broker, clock, client } = await withToken((count) => `token ${count}`);
    for (const token of ['token 2', 'token 3']) {
      await clock.settle(90_000);
      const authenticationData = new TextEncoder().encode(token);
      await broker.expect('auth', { reasonCode: 0x19, properties: { authenticationMethod: 'T', authenticationData } });
      broker.send({ type: 'auth', reasonCode: 0, properties: { authenticationMethod: 'T' } });
      await clock.settle();
    }
    expect(client.connection?.number).toBe(1);
  });

  test('is renewed by a new connection when there is none for the live one', async () => {
    const { broker, clock, statuses } = await withToken((count) => (count === 2 ? '' : `token ${count}`));
    await clock.settle(90_000);
    await broker.expect('disconnect', { reasonCode: 0 });
    await broker.expect('connect', { properties: { authenticationData: new TextEncoder().encode('token 3') } });
    expect(statuses.at(-1)?.type).toBe('connecting');
  });
});

test('credentials that do not expire keep no timer', async () => {
  const { clock, client } = await connected({ keepAliveSeconds: 0, credentials: { username: 'me' } });
  await clock.settle(10_000_000);
  expect(client.connection?.number).toBe(1);
});
