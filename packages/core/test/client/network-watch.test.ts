import { describe, expect, test } from 'vitest';
import { connected } from './bench.ts';

/** A platform whose network the test moves. */
function platform(): {
  readonly listeners: Set<() => void>;
  readonly tell: () => void;
  readonly watchNetwork: (on: () => void) => () => void;
} {
  const listeners = new Set<() => void>();
  return {
    listeners,
    tell: () => listeners.forEach((listener) => listener()),
    watchNetwork: (onChange) => {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
  };
}

describe('a network that may have changed', () => {
  test('ends the wait for the next attempt at once', async () => {
    const network = platform();
    const { clock, broker, transport, statuses } = await connected({ watchNetwork: network.watchNetwork });
    transport.refuseDials('connection-refused', 1);
    broker.cut();
    await clock.settle(500);
    expect(statuses.at(-1)).toMatchObject({ type: 'waiting', delayMs: 1000 });
    network.tell();
    await broker.acceptConnection();
    await clock.settle();
    expect(statuses.at(-1)).toMatchObject({ type: 'connected', connection: { number: 2 } });
    // The wait that was cut short makes no second attempt.
    await clock.settle(1000);
    await broker.expectNothing();
  });

  test('has a connected client ping, once in a second however often it is told', async () => {
    const network = platform();
    const { clock, broker } = await connected({ watchNetwork: network.watchNetwork, keepAliveSeconds: 0 });
    for (let told = 0; told < 100; told += 1) network.tell();
    await broker.expect('pingreq');
    broker.send({ type: 'pingresp' });
    await clock.settle(999);
    network.tell();
    await broker.expectNothing();
    await clock.settle(1);
    network.tell();
    await broker.expect('pingreq');
    expect(broker.received.filter(({ packet }) => packet.type === 'pingreq')).toHaveLength(2);
  });

  test('shows a dead connection, which ends when the ping has no answer', async () => {
    const network = platform();
    const { clock, broker, statuses } = await connected({ watchNetwork: network.watchNetwork, pingTimeoutMs: 5000 });
    network.tell();
    await broker.expect('pingreq');
    await clock.settle(5000);
    expect(statuses.at(-1)).toMatchObject({ type: 'waiting', error: { code: 'keep-alive-timeout' } });
  });

  test('is not listened to by a client that has disconnected, closed, or given up', async () => {
    const network = platform();
    const { client, broker } = await connected({ watchNetwork: network.watchNetwork });
    expect(network.listeners.size).toBe(1);
    await client.disconnect();
    await broker.expect('disconnect');
    expect(network.listeners.size).toBe(0);
    const again = client.connect();
    await broker.acceptConnection({ properties: { assignedClientId: 'assigned' } });
    await again;
    expect(network.listeners.size).toBe(1);
    await client.close();
    expect(network.listeners.size).toBe(0);
    const refused = await connected({ watchNetwork: network.watchNetwork });
    refused.broker.send({ type: 'disconnect', reasonCode: 0x8e });
    await refused.clock.settle();
    expect(refused.statuses.at(-1)).toMatchObject({ type: 'disconnected', error: { code: 'server-disconnect' } });
    expect(network.listeners.size).toBe(0);
  });
});
