import type { MqttError } from '@omqtt/codec';
import { describe, expect, expectTypeOf, test } from 'vitest';
import type { PublishCallback, PublishReceipt } from '../../src/index.ts';
import { connected, newBench } from './bench.ts';
import { recordingLogger } from './recording-logger.ts';

type Outcome = Parameters<PublishCallback>;

/** A callback, and what it was called with. */
function listener(): { readonly outcomes: Outcome[]; readonly callback: PublishCallback } {
  const outcomes: Outcome[] = [];
  return { outcomes, callback: (...outcome) => outcomes.push(outcome) };
}

function codesOf(outcomes: readonly Outcome[]): readonly (string | undefined)[] {
  return outcomes.map(([error]) => (error as { readonly code?: string } | undefined)?.code);
}

describe('a callback is called once', () => {
  test('with the receipt of QoS 0, when the message is handed over', async () => {
    const { client, broker, clock } = await connected();
    const { outcomes, callback } = listener();
    client.publish('a', 'x', callback);
    expect(outcomes).toEqual([]);
    await clock.settle();
    expect(outcomes).toEqual([[undefined, { qos: 0, reasonCode: 0, hadSubscribers: true, userProperties: [] }]]);
    await broker.expect('publish', { qos: 0, topic: 'a', payload: 'x' });
    expect(client.counts.operations).toBe(0);
  });

  test.each([1, 2] as const)('with the receipt of QoS %i, which is that of the promise', async (qos) => {
    const { client, broker, clock } = await connected();
    const { outcomes, callback } = listener();
    client.publish('a', 'x', { qos }, callback);
    const promise = client.publish('a', 'x', { qos });
    const ids: number[] = [];
    for (let count = 0; count < 2; count += 1) ids.push((await broker.expect('publish', { qos })).packetId ?? 0);
    for (const packetId of ids) {
      broker.send({ type: qos === 1 ? 'puback' : 'pubrec', packetId, reasonCode: 0x10 });
      if (qos === 1) continue;
      await broker.expect('pubrel', { packetId });
      broker.send({ type: 'pubcomp', packetId, reasonCode: 0 });
    }
    const receipt = await promise;
    await clock.settle();
    expect(receipt).toMatchObject({ qos, reasonCode: 0x10 });
    expect(outcomes).toEqual([[undefined, receipt]]);
  });

  test('with the error of what the server refused', async () => {
    const { client, broker, clock } = await connected();
    const { outcomes, callback } = listener();
    client.publish('a', 'x', { qos: 1 }, callback);
    const { packetId = 0 } = await broker.expect('publish');
    broker.send({ type: 'puback', packetId, reasonCode: 0x87 });
    await clock.settle();
    expect(outcomes).toEqual([[expect.objectContaining({ code: 'publish-refused', reasonCode: 0x87 }), undefined]]);
    expect(client.counts).toMatchObject({ operations: 0, packetIds: 0 });
  });

  test.each([
    ['a topic that is none', ['a/+', 'x', { qos: 1 }], 'invalid-topic'],
    ['an option that does not exist', ['a', 'x', { qoss: 1 }], 'invalid-option'],
    ['a payload that is none', ['a', 5, { qos: 1 }], 'invalid-option'],
    ['a limit that is none', ['a', 'x', { qos: 1, timeoutMs: -1 }], 'invalid-option'],
    ['what the server does not take', ['a', 'x', { qos: 2 }], 'server-limit'],
    ['what was given up before', ['a', 'x', { qos: 1, signal: AbortSignal.abort() }], 'aborted'],
  ] as const)('with the error for %s, and not before publish has returned', async (_what, call, code) => {
    const { client, broker, clock } = await connected({}, { properties: { maximumQoS: 1 } });
    const { outcomes, callback } = listener();
    client.publish(call[0], call[1] as string, call[2] as object, callback);
    expect(outcomes).toEqual([]);
    await clock.settle();
    expect(codesOf(outcomes)).toEqual([code]);
    await broker.expectNothing();
    expect(client.counts).toMatchObject({ operations: 0, packetIds: 0 });
  });

  test('when its time is over, and not again by the answer that comes later', async () => {
    const { client, broker, clock } = await connected();
    const { outcomes, callback } = listener();
    client.publish('a', 'x', { qos: 1, timeoutMs: 100 }, callback);
    const { packetId = 0 } = await broker.expect('publish');
    await clock.settle(100);
    expect(codesOf(outcomes)).toEqual(['timed-out']);
    broker.send({ type: 'puback', packetId, reasonCode: 0 });
    await clock.settle();
    expect(outcomes).toHaveLength(1);
  });

  test('when the client is closed, and for each message that comes after that', async () => {
    const { client, clock } = newBench();
    const { outcomes, callback } = listener();
    client.publish('a', 'before', { qos: 1 }, callback);
    const closed = client.close();
    client.publish('a', 'after', { qos: 1 }, callback);
    expect(outcomes).toEqual([]);
    await clock.settle(5000);
    await closed;
    expect(codesOf(outcomes)).toEqual(['client-closed', 'client-closed']);
  });

  test('by a queue that is full', async () => {
    const { client, clock } = newBench({ offline: { maxMessages: 1, whenFull: 'reject' } });
    const { outcomes, callback } = listener();
    for (const payload of ['kept', 'too many']) client.publish('a', payload, { qos: 1 }, callback);
    await clock.settle();
    expect(codesOf(outcomes)).toEqual(['queue-full']);
  });
});

test('callbacks come in the order of the answers', async () => {
  const { client, broker, clock } = await connected();
  const answered: string[] = [];
  for (const name of ['first', 'second', 'third']) {
    client.publish('a', name, { qos: 1 }, () => answered.push(name));
  }
  const ids: number[] = [];
  for (let count = 0; count < 3; count += 1) ids.push((await broker.expect('publish')).packetId ?? 0);
  for (const packetId of ids.toReversed()) broker.send({ type: 'puback', packetId, reasonCode: 0 });
  await clock.settle();
  expect(answered).toEqual(['third', 'second', 'first']);
});

test('a callback may publish, and close the client', async () => {
  const { client, broker, clock } = await connected();
  const { outcomes, callback } = listener();
  client.publish('a', '1', { qos: 1 }, () => {
    client.publish('a', '2', { qos: 1 }, (...outcome) => {
      callback(...outcome);
      void client.close();
      client.publish('a', '3', { qos: 1 }, callback);
    });
  });
  for (const payload of ['1', '2']) {
    const { packetId = 0 } = await broker.expect('publish', { payload });
    broker.send({ type: 'puback', packetId, reasonCode: 0 });
  }
  await broker.expect('disconnect');
  await clock.settle(5000);
  expect(codesOf(outcomes)).toEqual([undefined, 'client-closed']);
});

test('a callback that throws is told to the logger, and keeps nobody else from theirs', async () => {
  const { logger, said } = recordingLogger();
  const { client, broker, clock } = await connected({ logger });
  const error = new Error('disk full');
  const { outcomes, callback } = listener();
  const fail = (): never => {
    throw error;
  };
  client.publish('a', '1', { qos: 1 }, fail);
  client.publish('', '2', { qos: 1 }, fail);
  client.publish('a', '3', { qos: 1 }, callback);
  for (const payload of ['1', '3']) {
    const { packetId = 0 } = await broker.expect('publish', { payload });
    broker.send({ type: 'puback', packetId, reasonCode: 0 });
  }
  await clock.settle();
  expect(codesOf(outcomes)).toEqual([undefined]);
  const failure = ['error', 'a callback of publish failed', { error }];
  expect(said.filter(([level]) => level === 'error')).toEqual([failure, failure]);
  expect(client.isConnected).toBe(true);
});

test('what is no function is refused at once: nobody would ever hear of the message', async () => {
  const { client, broker } = await connected();
  for (const callback of [null, 'done', {}]) {
    expect(() => client.publish('a', 'x', { qos: 1 }, callback as unknown as PublishCallback)).toThrow(
      expect.objectContaining({ code: 'invalid-option', option: 'callback' }),
    );
  }
  await broker.expectNothing();
});

function anyError(error?: Error): Error | undefined {
  return error;
}

test('by its types there is a promise, or a callback with as many parameters as it likes', () => {
  const { client } = newBench();
  const calls = [
    () => client.publish('a', 'x', { qos: 1 }),
    () => client.publish('a', 'x', (error) => expectTypeOf(error).toEqualTypeOf<MqttError | undefined>()),
    () => client.publish('a', 'x', { qos: 1 }, anyError),
    () =>
      client.publish('a', 'x', { qos: 1 }, (_, receipt) =>
        expectTypeOf(receipt?.qos).toEqualTypeOf<0 | 1 | 2 | undefined>(),
      ),
  ] as const;
  expectTypeOf<ReturnType<(typeof calls)[0]>>().toEqualTypeOf<Promise<PublishReceipt>>();
  expectTypeOf<ReturnType<(typeof calls)[1 | 2 | 3]>>().toEqualTypeOf<void>();
  expect(calls).toHaveLength(4);
});
