import { describe, expect, test } from 'vitest';
import type { Status } from '../../src/index.ts';
import { connected } from './bench.ts';

const endsOf = (statuses: readonly Status[]): string[] =>
  statuses.flatMap((status) => (status.type === 'waiting' ? [status.error.code] : []));

const shouldRetry = ({ code }: Error & { code?: string }): boolean => code !== 'client-id-contested';

describe('connections that end soon after they stood, and nobody says why', () => {
  test('are taken for another client with the same id at the third in a row, in 3.1.1', async () => {
    const { broker, clock, statuses } = await connected({ version: '3.1.1', clientId: 'mine' });
    for (let end = 0; end < 4; end += 1) {
      await clock.settle(100);
      broker.cut();
      await clock.settle(10_000);
      await broker.acceptConnection();
      await clock.settle();
    }
    expect(endsOf(statuses)).toEqual([
      'connection-lost',
      'connection-lost',
      'client-id-contested',
      'client-id-contested',
    ]);
    expect(statuses.at(-1)?.type).toBe('connected');
    expect(statuses.filter(({ type }) => type === 'waiting').at(-1)).toMatchObject({
      error: { connections: 4, retryable: true, cause: { code: 'connection-lost' } },
    });
  });

  test('are forgotten after a connection that lasts', async () => {
    const { broker, clock, statuses } = await connected({
      version: '3.1.1',
      clientId: 'mine',
      reconnect: { stableMs: 5000 },
    });
    for (const livedMs of [100, 100, 5000, 100, 100]) {
      await clock.settle(livedMs);
      broker.cut();
      await clock.settle(10_000);
      await broker.acceptConnection();
      await clock.settle();
    }
    expect(endsOf(statuses)).toEqual(Array.from({ length: 5 }, () => 'connection-lost'));
  });

  test('stop the client when the user wants it so', async () => {
    const { broker, clock, statuses } = await connected({
      version: '3.1.1',
      clientId: 'mine',
      reconnect: { shouldRetry },
    });
    for (let end = 0; end < 2; end += 1) {
      broker.cut();
      await clock.settle(10_000);
      await broker.acceptConnection();
      await clock.settle();
    }
    broker.cut();
    await clock.settle(60_000);
    expect(statuses.at(-1)).toMatchObject({ type: 'disconnected', error: { code: 'client-id-contested' } });
  });

  test('say nothing of the kind in 5.0, where the server has words for it', async () => {
    const { broker, clock, statuses } = await connected({ clientId: 'mine' });
    for (let end = 0; end < 4; end += 1) {
      broker.cut();
      await clock.settle(10_000);
      await broker.acceptConnection();
      await clock.settle();
    }
    expect(endsOf(statuses)).toEqual(Array.from({ length: 4 }, () => 'connection-lost'));
  });
});
