import { describe, expect, test } from 'vitest';
import { connected, newBench } from './bench.ts';

describe('what is computed for each attempt', () => {
  test('gets the number of the attempt, the last error and a signal [parity O3]', async () => {
    const seen: { attempt: number; code: string | undefined }[] = [];
    const signals: AbortSignal[] = [];
    const credentials = ({
      attempt,
      lastError,
      signal,
    }: {
      attempt: number;
      lastError: unknown;
      signal: AbortSignal;
    }) => {
      seen.push({ attempt, code: (lastError as { code?: string } | undefined)?.code });
      signals.push(signal);
      return Promise.resolve({ username: 'me', password: `token-${seen.length}` });
    };
    const { client, broker, clock, transport } = newBench({ credentials, reconnect: { initial: true } });
    transport.refuseDials();
    client.connect().catch(() => undefined);
    await clock.settle(500);
    await broker.acceptConnection({
      connect: { username: 'me', password: 'token-2' },
      properties: { assignedClientId: 'x' },
    });
    await clock.settle(5000);
    broker.cut();
    await clock.settle(500);
    await broker.acceptConnection({ connect: { username: 'me', password: 'token-3' } });
    expect(seen).toEqual([
      { attempt: 1, code: undefined },
      { attempt: 2, code: 'dial-failed' },
      { attempt: 1, code: 'connection-lost' },
    ]);
    expect(signals.every((signal) => !signal.aborted)).toBe(true);
  });

  test('may fail, and is asked again then', async () => {
    let calls = 0;
    const url = (): string => {
      calls += 1;
      if (calls === 1) throw new Error('no network, no token');
      return 'mqtt://second.test';
    };
    const { client, clock, broker, statuses } = newBench({ url, reconnect: { initial: true } });
    const connecting = client.connect();
    await clock.settle(500);
    await broker.acceptConnection({ properties: { assignedClientId: 'x' } });
    await connecting;
    expect(statuses[0]).toMatchObject({ type: 'waiting', phase: 'options', error: { code: 'dial-failed' } });
  });

  test('may be the properties of CONNECT', async () => {
    const { broker } = await connected({
      properties: ({ attempt }) => ({ userProperties: [['attempt', `${attempt}`]] }),
    });
    expect(broker.received[0]?.packet).toMatchObject({ properties: { userProperties: [['attempt', '1']] } });
  });

  test('may be one of several servers, in turn [parity E47]', async () => {
    const { client, clock, broker, transport } = newBench({
      url: ['mqtt://one.test', 'mqtts://two.test', 'ws://three.test/mqtt'],
      reconnect: { initial: true, jitter: 'none', initialMs: 10, factor: 1 },
    });
    transport.refuseDials('unreachable', 4);
    client.connect().catch(() => undefined);
    await clock.settle(40);
    await broker.acceptConnection({ properties: { assignedClientId: 'x' } });
    expect(transport.dials.map(({ target }) => target.host.slice(0, -5))).toEqual([
      'one',
      'two',
      'three',
      'one',
      'two',
    ]);
  });

  test('is not a password from the URL when there are credentials [parity O3, E47]', async () => {
    const { client, broker } = newBench({ url: 'mqtt://u:p@h.test', credentials: { username: 'me' } });
    const connecting = client.connect();
    await broker.acceptConnection({
      connect: { username: 'me', password: undefined },
      properties: { assignedClientId: 'x' },
    });
    await connecting;
    const second = newBench({ url: 'mqtt://u:p%40@h.test' });
    second.client.connect().catch(() => undefined);
    expect(await second.broker.expect('connect', { password: 'p@' })).toMatchObject({ username: 'u' });
  });
});
