import { seededRandom } from '@omqtt/testkit';
import { describe, expect, test } from 'vitest';
import type { Status } from '../../src/index.ts';
import { backoffMs } from '../../src/client/backoff.ts';
import { codeOf, connected, newBench, watch } from './bench.ts';

const delaysOf = (statuses: readonly Status[]): number[] =>
  statuses.flatMap((status) => (status.type === 'waiting' ? [status.delayMs] : []));

const attemptsOf = (statuses: readonly Status[]): number[] =>
  statuses.flatMap((status) => (status.type === 'connecting' ? [status.attempt] : []));

describe('the delay', () => {
  const options = { initialMs: 500, maxMs: 30_000, factor: 2, jitter: 'none' } as const;

  test('doubles from half a second to half a minute [parity Z3, E10]', () => {
    const delays = [1, 2, 3, 4, 5, 6, 7, 8, 9, 2000].map((failures) => backoffMs(options, failures, 0.5));
    expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000, 30_000]);
  });

  test('is anywhere below that with full jitter, so that a fleet does not come back at once [parity E10]', () => {
    const random = seededRandom(7);
    const delays = Array.from({ length: 1000 }, () => backoffMs({ ...options, jitter: 'full' }, 7, random.next()));
    for (let tenth = 0; tenth < 10; tenth += 1) {
      const inTenth = delays.filter((delay) => Math.floor(delay / 3000) === tenth);
      expect(inTenth.length).toBeGreaterThan(60);
      expect(inTenth.length).toBeLessThan(140);
    }
  });
});

describe('a lost connection', () => {
  test('is followed by attempts, each with its status, until one succeeds [parity O10, Z3, Z13, B6]', async () => {
    const { clock, broker, transport, statuses, client } = await connected();
    await clock.settle(5000);
    transport.refuseDials('connection-refused', 2);
    broker.cut();
    await clock.settle();
    expect(statuses.at(-1)).toMatchObject({
      type: 'waiting',
      attempt: 0,
      phase: 'connected',
      error: { code: 'connection-lost' },
      delayMs: 500,
    });
    await clock.settle(500);
    expect(statuses.slice(-2)).toMatchObject([
      { type: 'connecting', attempt: 1, url: 'mqtt://broker.test:1883' },
      { type: 'waiting', attempt: 1, phase: 'connect', error: { code: 'dial-failed' }, delayMs: 1000 },
    ]);
    await clock.settle(1000);
    expect(statuses.at(-1)).toMatchObject({ type: 'waiting', attempt: 2, delayMs: 2000 });
    await clock.settle(2000);
    await broker.acceptConnection();
    await clock.settle();
    expect(statuses.at(-1)).toMatchObject({ type: 'connected', connection: { number: 2 } });
    expect(client.counts).toMatchObject({ connections: 2, reconnects: 1 });
  });

  test('is looked for again although the name cannot be looked up for a while [parity B7]', async () => {
    const { clock, broker, transport, statuses } = await connected();
    await clock.settle(5000);
    transport.refuseDials('name-not-found', 3);
    broker.cut();
    await clock.settle(500 + 1000 + 2000 + 4000);
    await broker.acceptConnection();
    await clock.settle();
    expect(statuses.filter(({ type }) => type === 'waiting').slice(1)).toMatchObject(
      [1, 2, 3].map((attempt) => ({ attempt, phase: 'dns', error: { code: 'dial-failed' } })),
    );
    expect(statuses.at(-1)?.type).toBe('connected');
  });

  test('begins the delays anew only after it has lasted [parity E10]', async () => {
    const { clock, broker, statuses } = await connected({ reconnect: { stableMs: 5000 } });
    for (const livedMs of [4999, 4999, 5000]) {
      await clock.settle(livedMs);
      broker.cut();
      await clock.settle(4000);
      await broker.acceptConnection();
      await clock.settle();
    }
    expect(delaysOf(statuses)).toEqual([500, 1000, 500]);
    expect(attemptsOf(statuses)).toEqual([1, 2, 3, 1]);
  });

  test('does not cost a message, though the server keeps no session [parity Z13, E20]', async () => {
    const { client, clock, broker } = await connected();
    const receipts = [watch(client.publish('a', 'x', { qos: 1 })), watch(client.publish('a', 'y', { qos: 2 }))];
    await broker.expect('publish');
    await broker.expect('publish');
    broker.cut();
    await clock.settle(500);
    await broker.acceptConnection({ connect: { cleanStart: true } });
    const { packetId = 0 } = await broker.expect('publish', { payload: 'x', dup: false });
    broker.send({ type: 'puback', packetId, reasonCode: 0 });
    await clock.settle();
    // Whether QoS 2 arrived is unknown, and twice is not allowed.
    expect(receipts.map(({ state, error }) => error?.code ?? state)).toEqual(['resolved', 'session-lost']);
  });

  test('is the end without reconnect', async () => {
    const { client, clock, broker, statuses } = await connected({ reconnect: false });
    const receipt = codeOf(client.publish('a', 'x', { qos: 1 }));
    await broker.expect('publish');
    broker.cut();
    expect(await receipt).toBe('message-kept');
    await clock.settle(100_000);
    expect(attemptsOf(statuses)).toEqual([1]);
    expect(statuses.at(-1)).toMatchObject({
      type: 'disconnected',
      phase: 'connected',
      error: { code: 'connection-lost' },
    });
  });

  test('is given up after so many attempts [parity Z3, E10]', async () => {
    const { client, clock, broker, transport, statuses } = await connected({ reconnect: { maxAttempts: 2 } });
    await clock.settle(5000);
    transport.refuseDials('unreachable', Infinity);
    const receipt = watch(client.publish('a', 'x', { qos: 1 }));
    broker.cut();
    await clock.settle(100_000);
    expect(attemptsOf(statuses)).toEqual([1, 1, 2]);
    expect(statuses.at(-1)?.type).toBe('disconnected');
    expect(receipt.error).toMatchObject({
      code: 'message-kept',
      cause: { code: 'dial-failed', cause: { code: 'unreachable' } },
    });
  });
});

describe('the first connection', () => {
  test('fails with its first attempt, and says how far it came [parity O12]', async () => {
    const { client, transport, statuses } = newBench();
    transport.refuseDials('name-not-found');
    await expect(client.connect()).rejects.toMatchObject({
      code: 'dial-failed',
      retryable: true,
      phase: 'dns',
      cause: { code: 'name-not-found' },
    });
    expect(statuses.map(({ type }) => type)).toEqual(['connecting', 'disconnected']);
  });

  test('goes on trying when it is asked to [parity Z3, E10]', async () => {
    const { client, clock, transport, broker, statuses } = newBench({ reconnect: { initial: true } });
    transport.refuseDials('connection-refused', 3);
    const connecting = watch(client.connect());
    await clock.settle(500 + 1000 + 2000);
    await broker.acceptConnection({ properties: { assignedClientId: 'x' } });
    await clock.settle();
    expect(connecting.state).toBe('resolved');
    expect(delaysOf(statuses)).toEqual([500, 1000, 2000]);
  });

  test('does not go on where that cannot help', async () => {
    const { client, transport } = newBench({ reconnect: { initial: true } });
    transport.refuseDials('certificate-not-trusted');
    await expect(client.connect()).rejects.toMatchObject({ code: 'dial-failed', retryable: false });
  });

  test('does not go on with a URL that makes no sense', async () => {
    const { client, statuses } = newBench({ url: 'http://x', reconnect: { initial: true } });
    expect(await codeOf(client.connect())).toBe('invalid-option');
    expect(statuses.at(-1)).toMatchObject({ type: 'disconnected', phase: 'options' });
  });

  test.each(['dial', 'connack', 'credentials'])(
    'is given up when its time is over in: %s [parity E3, B4]',
    async (step) => {
      const credentials = step === 'credentials' ? () => new Promise<never>(() => undefined) : undefined;
      const { client, clock, transport, broker } = newBench({
        connectTimeoutMs: 200,
        ...(credentials && { credentials }),
      });
      transport.latencyMs = 30;
      if (step === 'dial') transport.ignoreDials();
      const connecting = watch(client.connect());
      if (step === 'connack') void broker.accept();
      await clock.settle(199);
      expect(connecting.state).toBe('pending');
      await clock.settle(1);
      expect(connecting.error?.code).toBe('timed-out');
    },
  );

  test('is refused while another is made [parity O3, E2]', async () => {
    const { client, broker } = newBench();
    const [first, second] = [client.connect(), client.connect()];
    expect(await codeOf(second)).toBe('invalid-state');
    await broker.acceptConnection({ properties: { assignedClientId: 'x' } });
    await first;
    expect(await codeOf(client.connect())).toBe('invalid-state');
  });
});

describe('a reason code', () => {
  const stops = [0x81, 0x82, 0x84, 0x85, 0x86, 0x87, 0x8a, 0x8c, 0x90, 0x95, 0x99, 0x9a, 0x9b, 0x9c, 0x9d];
  const retries = [0x80, 0x83, 0x88, 0x89, 0x97, 0x9f];

  test.each(stops)('%i in CONNACK stops [parity O12, E8, B3, B5]', async (reasonCode) => {
    const { client, broker, statuses, clock } = newBench({ reconnect: { initial: true } });
    const connecting = watch(client.connect());
    await broker.expect('connect');
    broker.send({ type: 'connack', sessionPresent: false, reasonCode, properties: { reasonString: 'because' } });
    await clock.settle(60_000);
    expect(connecting.error).toMatchObject({ code: 'connect-refused', reasonCode, reasonString: 'because' });
    expect(statuses.at(-1)?.type).toBe('disconnected');
  });

  test.each(retries)('%i in CONNACK is tried again [parity E8, B5]', async (reasonCode) => {
    const { client, broker, statuses, clock } = newBench({ reconnect: { initial: true } });
    client.connect().catch(() => undefined);
    await broker.expect('connect');
    broker.send({ type: 'connack', sessionPresent: false, reasonCode });
    await clock.settle();
    expect(statuses.at(-1)).toMatchObject({ type: 'waiting', phase: 'handshake', error: { reasonCode } });
    await clock.settle(500);
    await broker.acceptConnection({ properties: { assignedClientId: 'x' } });
  });

  test('0x8E in DISCONNECT stops: the session belongs to another client now, and there is no fight about it [parity Z34, E8, P10]', async () => {
    const { client, broker, statuses, clock, transport } = await connected();
    const subscription = client.subscribe('a');
    const next = watch(subscription.next());
    await broker.expect('subscribe');
    broker.send({ type: 'disconnect', reasonCode: 0x8e });
    await clock.settle(600_000);
    // A server DISCONNECT is not answered.
    await broker.expectClosed();
    expect(transport.dials.length).toBe(1);
    expect(statuses.at(-1)).toMatchObject({ error: { code: 'server-disconnect', reasonCode: 0x8e } });
    expect(next.error).toMatchObject({ reasonCode: 0x8e });
  });

  test.each([0x00, 0x8b, 0x89, 0x98])('%i in DISCONNECT is tried again [parity Z34, E8]', async (reasonCode) => {
    const { broker, clock, statuses } = await connected();
    broker.send({ type: 'disconnect', reasonCode });
    await clock.settle();
    expect(statuses.at(-1)).toMatchObject({ type: 'waiting', error: { code: 'server-disconnect', reasonCode } });
    await clock.settle(500);
    await broker.acceptConnection();
  });

  test('is judged by the user when there is a judge', async () => {
    const judged: unknown[] = [];
    const shouldRetry = (error: Error): boolean => {
      judged.push(error);
      return judged.length < 3;
    };
    const { client, broker, clock, statuses } = newBench({ reconnect: { initial: true, shouldRetry } });
    const connecting = watch(client.connect());
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await broker.expect('connect');
      broker.send({ type: 'connack', sessionPresent: false, reasonCode: 0x87 });
      await clock.settle(4000);
    }
    expect(connecting.error).toBe(judged[2]);
    expect(delaysOf(statuses)).toEqual([500, 1000]);
  });

  test('in the same chunk as CONNACK is why the attempt failed', async () => {
    const { client, broker, clock, transport } = newBench();
    transport.slicing = 'glued';
    transport.latencyMs = 1;
    const connecting = watch(client.connect());
    await clock.settle(3);
    void broker.accept();
    await clock.settle(3);
    await broker.expect('connect');
    broker.send(
      { type: 'connack', sessionPresent: false, reasonCode: 0, properties: { assignedClientId: 'x' } },
      { type: 'disconnect', reasonCode: 0x8e },
    );
    await clock.settle(2000);
    expect(connecting.error).toMatchObject({ code: 'server-disconnect', reasonCode: 0x8e });
  });
});
