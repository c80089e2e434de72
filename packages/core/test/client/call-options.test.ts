import { describe, expect, test } from 'vitest';
import { connected, newBench, watch } from './bench.ts';

/** As a program without types may call it. */
type Untyped = Readonly<Record<string, (...values: readonly unknown[]) => unknown>>;

describe('an option of a call that does not exist is refused by name', () => {
  test.each([
    ['publish', ['a', 'x', { qoss: 1 }], 'qoss'],
    ['publish', ['a', 'x', { timeout: 1 }], 'timeout'],
    ['publish', ['a', 'x', { constructor: 1 }], 'constructor'],
    ['enqueue', ['a', 'x', { retained: true }], 'retained'],
    ['request', ['a', 'x', { timeout: 1 }], 'timeout'],
    ['disconnect', [{ reason: 4 }], 'reason'],
    ['close', [{ drain: 4 }], 'drain'],
    ['connect', [{ timeout: 1 }], 'timeout'],
    ['drained', [{ timeout: 1 }], 'timeout'],
    ['ping', [{ timeout: 1 }], 'timeout'],
    ['reauthenticate', [{ timeout: 1 }], 'timeout'],
  ] as const)('by %s', async (method, values, option) => {
    const { client } = await connected();
    if (method === 'connect') await client.disconnect();
    const call = (client as unknown as Untyped)[method]?.bind(client);
    await expect((async () => call?.(...values))()).rejects.toMatchObject({ code: 'invalid-option', option });
  });

  test.each([
    ['subscribe', ['a', { qoss: 1 }]],
    ['respond', ['a', () => undefined, { ack: 'manual' }]],
  ] as const)('by %s, at once', (method, values) => {
    const { client } = newBench();
    const call = (client as unknown as Untyped)[method]?.bind(client);
    expect(() => call?.(...values)).toThrow(expect.objectContaining({ code: 'invalid-option' }));
  });

  test('by the waits of a subscription', async () => {
    const { client } = await connected();
    const subscription = client.subscribe('a') as unknown as Untyped;
    for (const method of ['next', 'unsubscribe']) {
      const wait = (async () => subscription[method]?.bind(subscription)({ timeout: 1 }))();
      await expect(wait).rejects.toMatchObject({ code: 'invalid-option', option: 'timeout' });
    }
  });
});

test('a message whose options make no sense is refused', async () => {
  const { client } = await connected();
  for (const options of [{ retain: 'false' }, { alias: 'maybe' }, { timeoutMs: -1 }]) {
    const refused = watch(
      (client as unknown as { publish: (...all: unknown[]) => Promise<unknown> }).publish('a', 'x', options),
    );
    await Promise.resolve();
    await expect.poll(() => refused.error?.code).toBe('invalid-option');
  }
});

test('a listener for what is no event is refused', () => {
  const { client } = newBench();
  expect(() => client.on('message' as 'status', () => undefined)).toThrow(
    expect.objectContaining({ code: 'invalid-option', message: expect.stringContaining('subscribe') as string }),
  );
});

test('credentials of a function that have no place are refused by name', async () => {
  const { client } = newBench({ credentials: () => ({ user: 'u' }) as object });
  await expect(client.connect()).rejects.toMatchObject({ code: 'invalid-option', option: 'credentials.user' });
});
