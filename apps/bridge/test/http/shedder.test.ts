import { describe, expect, test } from 'vitest';
import { Shedder } from '../../src/http/shedder.ts';
import { withBroker } from '../with-broker.ts';

describe('shedding', () => {
  test('begins after two late windows, and ends with one that is not', () => {
    let delayMs = 600;
    const shedder = new Shedder({ maximumDelayMs: 500, readDelayMs: () => delayMs });
    shedder.look();
    expect(shedder.isShedding).toBe(false);
    shedder.look();
    expect(() => shedder.check()).toThrow(/late/);
    delayMs = 10;
    shedder.look();
    expect(shedder.isShedding).toBe(false);
    shedder.close();
  });

  test('refuses new requests with a time to come back, and leaves health alone', async () => {
    // A delay that every event loop has.
    const { bridge } = await withBroker({ http: { maximumLoopDelayMs: 1 } });
    let answer = await bridge.call('GET', '/v1/brokers');
    while (answer.status === 200) answer = await bridge.call('GET', '/v1/brokers');
    expect([answer.status, answer.body['code'], answer.body['outcome']]).toEqual([503, 'overloaded', 'not-sent']);
    expect([answer.headers.get('retry-after'), answer.body['cause']]).toEqual(['1', 'event-loop']);
    expect((await fetch(`${bridge.adminUrl ?? ''}/readyz`)).status).toBe(200);
    const metrics = await (await fetch(`${bridge.adminUrl ?? ''}/metrics`)).text();
    expect(metrics).toMatch(/omqtt_shed_total\{cause="event-loop"\} [1-9]/);
  });
});
