import { describe, expect, test } from 'vitest';
import { codeOf, connect, connected, newBench, watch } from './bench.ts';

/** How a server that knows only 3.1.1 refuses any other version. */
const refusalOf311 = [
  0x20, // CONNACK
  0x02, // two bytes follow
  0x00, // no session
  0x01, // the version is not supported
];

describe("version 'auto'", () => {
  test('falls back to 3.1.1 when the server refuses 5.0, and keeps to it', async () => {
    const { client, broker, clock, transport, statuses } = newBench({ version: 'auto', url: ['mqtt://a', 'mqtt://b'] });
    const connecting = client.connect();
    await broker.expect('connect', { version: '5.0' });
    broker.send({ type: 'connack', sessionPresent: false, reasonCode: 0x84 });
    await broker.acceptConnection({ connect: { version: '3.1.1', properties: undefined } });
    const connection = await connecting;
    expect(connection).toMatchObject({ version: '3.1.1', number: 1, clientId: '' });
    // The same attempt at the same server.
    expect(statuses).toMatchObject([
      { type: 'connecting', attempt: 1 },
      { type: 'waiting', attempt: 1, phase: 'handshake', error: { reasonCode: 0x84 }, delayMs: 0 },
      { type: 'connecting', attempt: 1 },
      { type: 'connected' },
    ]);
    expect(transport.dials.map(({ target }) => target.host)).toEqual(['a', 'a']);
    await clock.settle(5000);
    broker.cut();
    await clock.settle(500);
    await broker.acceptConnection({ connect: { version: '3.1.1' } });
  });

  test('falls back when the server answers in the words of 3.1.1', async () => {
    const { client, broker } = newBench({ version: 'auto' });
    const connecting = client.connect();
    await broker.expect('connect');
    broker.sendBytes(refusalOf311);
    // Without a DISCONNECT of 5.0, which the server would not understand either.
    await broker.acceptConnection({ connect: { version: '3.1.1' } });
    expect((await connecting).version).toBe('3.1.1');
  });

  test('does not fall back for another reason, or twice', async () => {
    const first = newBench({ version: 'auto' });
    const refused = codeOf(first.client.connect());
    await first.broker.expect('connect');
    first.broker.send({ type: 'connack', sessionPresent: false, reasonCode: 0x87 });
    expect(await refused).toBe('connect-refused');
    const second = newBench({ version: 'auto' });
    const twice = watch(second.client.connect());
    await second.broker.expect('connect');
    second.broker.send({ type: 'connack', sessionPresent: false, reasonCode: 0x84 });
    await second.broker.expect('connect', { version: '3.1.1' });
    second.broker.send({ type: 'connack', sessionPresent: false, reasonCode: 0x84 });
    await second.clock.settle(60_000);
    expect(twice.error?.code).toBe('connect-refused');
    expect(second.transport.dials.length).toBe(2);
  });

  test('needs a client id for a session that may have to live in 3.1.1', () => {
    expect(() => newBench({ version: 'auto', session: { expirySeconds: 1 } })).toThrow('clientId');
  });
});

describe('a client of 5.0', () => {
  test('does not fall back', async () => {
    const { client, broker } = newBench();
    const connecting = codeOf(client.connect());
    await broker.expect('connect');
    broker.send({ type: 'connack', sessionPresent: false, reasonCode: 0x84 });
    expect(await connecting).toBe('connect-refused');
  });

  test('hears a refusal in the words of 3.1.1 as a refusal, with what to do about it', async () => {
    const { client, broker } = newBench({ reconnect: { initial: true } });
    const connecting = client.connect();
    await broker.expect('connect');
    broker.sendBytes(refusalOf311);
    // The next attempt would hear the same, so there is none.
    await expect(connecting).rejects.toThrow("version: 'auto' tries 5.0, then 3.1.1");
    await expect(connecting).rejects.toMatchObject({ code: 'connect-refused', reasonCode: 0x84, retryable: false });
    await broker.expectClosed();
  });
});

describe('a client of 3.1.1', () => {
  test('refuses what only 5.0 has, before anything is stored or sent', async () => {
    const { client, broker } = await connected({ version: '3.1.1' });
    const refused = [
      client.publish('a', 'x', { properties: { contentType: 'x' } }),
      client.enqueue('a', 'x', { qos: 1, properties: { contentType: 'x' } }),
      client.request('a', 'x'),
      client.reauthenticate(),
      client.disconnect({ reasonCode: 4 }),
      client.disconnect({ sessionExpirySeconds: 0 }),
    ];
    const codes = await Promise.all(refused.map(codeOf));
    expect(codes).toEqual(codes.map(() => 'only-in-5.0'));
    for (const options of [
      { identifier: 1 },
      { noLocal: true },
      { retainHandling: 1 },
      { userProperties: [] },
    ] as const) {
      expect(() => client.subscribe('a', options)).toThrow('5.0');
    }
    expect(() => client.respond('a', () => '')).toThrow('5.0');
    await broker.expectNothing();
  });

  test('asks for a clean session each time, when it is to end with its connection', async () => {
    const bench = newBench({ version: '3.1.1', clientId: 'me' });
    await connect(bench, { connect: { cleanStart: true }, properties: {} });
    await bench.clock.settle(5000);
    bench.broker.cut();
    await bench.clock.settle(500);
    expect(await bench.broker.acceptConnection()).toMatchObject({ cleanStart: true });
  });
});
