import type { AuthPacket, ConnackPacket } from '@omqtt/codec';
import { describe, expect, test } from 'vitest';
import type { AuthMechanism } from '../../src/index.ts';
import { type Bench, codeOf, connected, newBench, watch } from './bench.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (data: Uint8Array | undefined): string => new TextDecoder().decode(data);

/** Says `first`, answers `x` with `x!`, and wants `proof` at the end. */
function talkative(overrides: Partial<AuthMechanism> = {}): { readonly auth: AuthMechanism; readonly told: string[] } {
  const told: string[] = [];
  const auth: AuthMechanism = {
    method: 'TALK',
    start: ({ attempt, isReauthentication }) => {
      told.push(`start ${attempt} ${isReauthentication}`);
      return Promise.resolve(bytes('first'));
    },
    challenge: (data) => {
      told.push(`challenge ${text(data)}`);
      return Promise.resolve(bytes(`${text(data)}!`));
    },
    success: (data) => {
      told.push(`success ${text(data)}`);
      if (text(data) !== 'proof') throw new Error('an impostor');
    },
    ...overrides,
  };
  return { auth, told };
}

const challenge = (data: string, reasonCode = 0x18): AuthPacket => ({
  type: 'auth',
  reasonCode,
  properties: { authenticationMethod: 'TALK', authenticationData: bytes(data) },
});

const welcome = (data: string): ConnackPacket => ({
  type: 'connack',
  sessionPresent: false,
  reasonCode: 0,
  properties: { assignedClientId: 'x', authenticationMethod: 'TALK', authenticationData: bytes(data) },
});

async function authenticated(auth: AuthMechanism): Promise<Bench> {
  const bench = newBench({ auth });
  const connecting = bench.client.connect();
  await bench.broker.expect('connect');
  bench.broker.send(welcome('proof'));
  await connecting;
  return bench;
}

describe('an enhanced authentication', () => {
  test('takes as many rounds as the server wants, and ends with its proof [parity Z33, E44, B11]', async () => {
    const { auth, told } = talkative();
    const { client, broker, clock } = newBench({ auth });
    const connecting = watch(client.connect());
    await broker.expect('connect', {
      properties: { authenticationMethod: 'TALK', authenticationData: 'first' },
    });
    for (const round of ['a', 'b']) {
      broker.send(challenge(round));
      await broker.expect('auth', {
        reasonCode: 0x18,
        properties: { authenticationMethod: 'TALK', authenticationData: `${round}!` },
      });
    }
    broker.send(welcome('proof'));
    await clock.settle();
    expect(connecting.state).toBe('resolved');
    expect(told).toEqual(['start 1 false', 'challenge a', 'challenge b', 'success proof']);
  });

  test('with a wrong proof ends the connection for good, and nothing has left before [parity Z33, E44]', async () => {
    const { auth } = talkative();
    const { client, broker, clock, statuses } = newBench({ auth, reconnect: { initial: true } });
    const connecting = watch(client.connect());
    const publish = watch(client.publish('a', 'secret', { qos: 1 }));
    await broker.expect('connect');
    broker.send(welcome('something else'));
    await broker.expect('disconnect', { reasonCode: 0x80 });
    await broker.expectClosed();
    await clock.settle(60_000);
    expect(connecting.error).toMatchObject({ code: 'authentication-failed', cause: new Error('an impostor') });
    expect([publish.error?.code, statuses.at(-1)?.type]).toEqual(['authentication-failed', 'disconnected']);
  });

  test('whose mechanism gives up at a challenge is over', async () => {
    const { auth } = talkative({ challenge: () => Promise.reject(new Error('too weak')) });
    const { client, broker } = newBench({ auth });
    const connecting = codeOf(client.connect());
    await broker.expect('connect');
    broker.send(challenge('a'));
    await broker.expect('disconnect');
    expect(await connecting).toBe('authentication-failed');
  });

  test('whose mechanism cannot even begin is a failed attempt', async () => {
    const { auth } = talkative({ start: () => Promise.reject(new Error('no key')) });
    const { client, transport } = newBench({ auth });
    await expect(client.connect()).rejects.toMatchObject({ code: 'dial-failed', cause: new Error('no key') });
    expect(transport.dials).toEqual([]);
  });

  test('outlived by its connection does not speak on the next one', async () => {
    const answers: ((data: Uint8Array) => void)[] = [];
    const slow = (): Promise<Uint8Array> => new Promise((resolve) => answers.push(resolve));
    const { auth } = talkative({ challenge: slow });
    const { client, broker, clock } = newBench({ auth, reconnect: { initial: true } });
    const connecting = watch(client.connect());
    await broker.expect('connect');
    broker.send(challenge('old'));
    await clock.settle();
    broker.cut();
    await clock.settle(500);
    await broker.expect('connect');
    answers[0]?.(bytes('stale'));
    await broker.expectNothing();
    broker.send(challenge('new'));
    await clock.settle();
    answers[1]?.(bytes('fresh'));
    await broker.expect('auth', { properties: { authenticationData: 'fresh' } });
    broker.send(welcome('proof'));
    await clock.settle();
    expect(connecting.state).toBe('resolved');
  });

  test('starts anew with every attempt [parity Z33]', async () => {
    const { auth, told } = talkative();
    const { broker, clock } = await authenticated(auth);
    broker.cut();
    await clock.settle(500);
    await broker.expect('connect', { properties: { authenticationData: 'first' } });
    expect(told.filter((each) => each.startsWith('start'))).toEqual(['start 1 false', 'start 2 false']);
  });
});

describe('a re-authentication', () => {
  test('happens on the live connection, where other traffic goes on [parity O9, Z33]', async () => {
    const { auth, told } = talkative();
    const { client, broker, clock } = await authenticated(auth);
    const again = watch(client.reauthenticate());
    await broker.expect('auth', { reasonCode: 0x19, properties: { authenticationData: 'first' } });
    await client.publish('a', 'x');
    await broker.expect('publish');
    broker.send(challenge('c'));
    await broker.expect('auth', { reasonCode: 0x18, properties: { authenticationData: 'c!' } });
    expect(again.state).toBe('pending');
    broker.send(challenge('proof', 0));
    await clock.settle();
    expect(again.state).toBe('resolved');
    expect(told.slice(-3)).toEqual(['start 1 true', 'challenge c', 'success proof']);
    // And again, now that it has ended.
    void codeOf(client.reauthenticate());
    expect(await broker.expect('auth')).toMatchObject({ reasonCode: 0x19 });
  });

  test('is one at a time [parity O9, Z33, E44]', async () => {
    const { client, broker } = await authenticated(talkative().auth);
    const first = watch(client.reauthenticate());
    await broker.expect('auth');
    expect(await codeOf(client.reauthenticate())).toBe('invalid-state');
    expect(first.state).toBe('pending');
  });

  test('with a wrong proof ends the connection', async () => {
    const { client, broker } = await authenticated(talkative().auth);
    const again = codeOf(client.reauthenticate());
    await broker.expect('auth');
    broker.send(challenge('no proof', 0));
    await broker.expect('disconnect');
    expect(await again).toBe('authentication-failed');
  });

  test('ends with its connection', async () => {
    const { client, broker } = await authenticated(talkative().auth);
    const again = codeOf(client.reauthenticate());
    await broker.expect('auth');
    broker.cut();
    expect(await again).toBe('connection-lost');
  });

  test('needs a mechanism and a connection', async () => {
    const { client } = await connected();
    expect(await codeOf(client.reauthenticate())).toBe('invalid-option');
    expect(await codeOf(newBench({ auth: talkative().auth }).client.reauthenticate())).toBe('not-connected');
  });
});
