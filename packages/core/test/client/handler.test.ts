import { encode } from '@omqtt/codec';
import type { Clock } from '@omqtt/contracts';
import type { FakeClock } from '@omqtt/testkit';
import { describe, expect, test } from 'vitest';
import { connected } from './bench.ts';
import { recordingLogger } from './recording-logger.ts';
import { message, subscribed } from './subscribed.ts';

/** A handler that works on a message until the test says that it is done. */
function slowHandler(): {
  readonly handler: (each: { text(): string }) => Promise<void>;
  readonly open: Map<string, () => void>;
} {
  const open = new Map<string, () => void>();
  const handler = (each: { text(): string }): Promise<void> =>
    new Promise((resolve) => {
      open.set(each.text(), () => {
        open.delete(each.text());
        resolve();
      });
    });
  return { handler, open };
}

function failsOnBad(each: { text(): string }): void {
  if (each.text() === 'bad') throw new Error('cannot work on it');
}

function fails(): never {
  throw new Error('disk full');
}

describe('a handler', () => {
  test('that publishes does not turn back the time for the messages behind', async () => {
    let looks = 0;
    const clockOf = (clock: FakeClock): Clock => ({
      now: () => clock.now() + (looks += 1),
      wakeAt: (at, callback) => clock.wakeAt(at, callback),
    });
    const { client, broker, clock: fake } = await connected({ clockOf, keepAliveSeconds: 60 });
    const handler = (each: { text(): string }): void => {
      if (each.text() === '1') void client.publish('echo', 'x');
    };
    await subscribed({ client, broker }, 'a', { handler });
    broker.sendBytes(Buffer.concat(['1', '2'].map((text) => encode(message('a', text, { qos: 0 }), '5.0'))));
    await broker.expect('publish', { topic: 'echo' });
    // A clock that was set back has a ping sent.
    await fake.settle(1000);
    expect(looks).toBeGreaterThan(0);
    await broker.expectNothing();
  });

  test('gets one message after the other, each acknowledged when it is done [parity E26]', async () => {
    const { client, broker } = await connected();
    const { handler, open } = slowHandler();
    await subscribed({ client, broker }, 'a', { handler });
    for (const packetId of [1, 2]) broker.send(message('a', `${packetId}`, { packetId }));
    await broker.expectNothing();
    expect([...open.keys()]).toEqual(['1']);
    open.get('1')?.();
    await broker.expect('puback', { packetId: 1 });
    await broker.expectNothing();
    expect([...open.keys()]).toEqual(['2']);
  });

  test('may work on several at once, and the acknowledgements leave in order all the same', async () => {
    const { client, broker } = await connected();
    const { handler, open } = slowHandler();
    await subscribed({ client, broker }, 'a', { handler, concurrency: 2 });
    for (const packetId of [1, 2, 3]) broker.send(message('a', `${packetId}`, { packetId }));
    await broker.expectNothing();
    expect([...open.keys()]).toEqual(['1', '2']);
    open.get('2')?.();
    await broker.expectNothing();
    expect([...open.keys()]).toEqual(['1', '3']);
    open.get('1')?.();
    await broker.expect('puback', { packetId: 1 });
    await broker.expect('puback', { packetId: 2 });
  });

  test.each([
    ['nack', { reasonCode: 0x80 }],
    ['ack', { reasonCode: 0 }],
  ] as const)('that fails answers with %s, and goes on [parity E26, E35]', async (onError, answer) => {
    const { logger, said } = recordingLogger();
    const { client, broker } = await connected({ logger });
    await subscribed({ client, broker }, 'a', { handler: failsOnBad, onError });
    broker.send(message('a', 'bad', { packetId: 1 }), message('a', 'good', { packetId: 2 }));
    await broker.expect('puback', { packetId: 1, ...answer });
    await broker.expect('puback', { packetId: 2, reasonCode: 0 });
    expect(said.filter(([level]) => level === 'error')).toEqual([
      ['error', 'a message handler failed', { topic: 'a', error: new Error('cannot work on it') }],
    ]);
  });

  test('that fails may leave the message for the next connection [parity E26]', async () => {
    const { client, broker } = await connected();
    await subscribed({ client, broker }, 'a', { handler: () => Promise.reject(new Error('later')), onError: 'leave' });
    broker.send(message('a', 'x'));
    await broker.expectNothing();
    expect(client.isConnected).toBe(true);
  });

  test('that fails is no harm to a logger that fails too [parity E35]', async () => {
    const { client, broker } = await connected({ logger: { debug: fails, info: fails, warn: fails, error: fails } });
    await subscribed({ client, broker }, 'a', { handler: fails });
    for (const packetId of [1, 2]) {
      broker.send(message('a', 'x', { packetId }));
      expect(await broker.expect('puback')).toMatchObject({ packetId, reasonCode: 0x80 });
    }
  });

  test('may acknowledge by itself, or not at all [parity E26]', async () => {
    const { client, broker } = await connected();
    await subscribed({ client, broker }, 'a', {
      ack: 'manual',
      handler: (each) => each.text() === 'yes' && each.ack(),
    });
    broker.send(message('a', 'yes', { packetId: 1 }), message('a', 'no', { packetId: 2 }));
    await broker.expect('puback', { packetId: 1 });
    await broker.expectNothing();
    expect(client.counts.unrouted).toBe(0);
  });

  test('that takes 6 seconds does not lose a connection with a keep-alive of 2 seconds [parity Z21, E14, P8]', async () => {
    const { client, broker, clock, statuses } = await connected({ keepAliveSeconds: 2, pingTimeoutMs: 1000 });
    const { handler, open } = slowHandler();
    await subscribed({ client, broker }, 'a', { handler });
    broker.send(message('a', 'x'));
    for (let elapsedMs = 0; elapsedMs < 5400; elapsedMs += 1800) {
      await clock.settle(1800);
      await broker.expect('pingreq');
      broker.send({ type: 'pingresp' });
      await clock.settle();
    }
    await clock.settle(600);
    open.get('x')?.();
    expect(await broker.expect('puback')).toMatchObject({ packetId: 1 });
    expect(statuses.map(({ type }) => type)).toEqual(['connecting', 'connected']);
  });

  test('may publish, and wait for the outcome, while messages wait for it [parity O14, Z21]', async () => {
    const { client, broker } = await connected({ receiveMaximum: 1 });
    await subscribed({ client, broker }, 'a', { handler: () => client.publish('b', 'x', { qos: 1 }) });
    broker.send(message('a', 'x'));
    const { packetId = 0 } = await broker.expect('publish', { topic: 'b' });
    broker.send({ type: 'puback', packetId, reasonCode: 0 });
    expect(await broker.expect('puback')).toMatchObject({ packetId: 1 });
  });
});
