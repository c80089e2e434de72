import { describe, expect, test } from 'vitest';
import { metricsOf, publish, queued, scene } from './scene.ts';

describe('too much at once', () => {
  test('more than the window and the queue hold is refused at once', async () => {
    const { broker, bridge } = await scene({ receiveMaximum: 1 }, { publish: { maximumWaiting: 1 } });
    const first = publish(bridge);
    const { packetId: firstId = 0 } = await broker.expect('publish');
    const second = publish(bridge);
    await queued(bridge, 1);
    const third = await publish(bridge);
    expect([third.status, third.body['code'], third.body['outcome']]).toEqual([503, 'overloaded', 'not-sent']);
    expect(third.headers.get('retry-after')).toBe('1');
    broker.send({ type: 'puback', packetId: firstId, reasonCode: 0 });
    expect((await first).status).toBe(200);
    const { packetId = 0 } = await broker.expect('publish');
    broker.send({ type: 'puback', packetId, reasonCode: 0 });
    expect((await second).status).toBe(200);
  });

  test('more bytes than are allowed without acknowledgement wait, and more than may wait are refused', async () => {
    const limits = { maximumInFlightBytes: 1000, maximumWaitingBytes: 500, ackTimeoutMs: 5000 };
    const { broker, bridge } = await scene({}, { publish: limits });
    const send = (bytes: number): ReturnType<typeof publish> => {
      return bridge.call('POST', '/v1/topics/a', { body: 'x'.repeat(bytes) });
    };
    const answerNext = async (): Promise<void> => {
      const { packetId = 0 } = await broker.expect('publish');
      broker.send({ type: 'puback', packetId, reasonCode: 0 });
    };
    // More than the budget by itself, and sent all the same: it would never be otherwise.
    const first = send(1200);
    const { packetId = 0 } = await broker.expect('publish');
    const second = send(400);
    await queued(bridge, 1);
    const third = await send(400);
    expect([third.body['code'], third.body['outcome'], third.headers.get('retry-after')]).toEqual([
      'overloaded',
      'not-sent',
      '1',
    ]);
    const metrics = await metricsOf(bridge);
    expect(metrics).toContain('omqtt_inflight_bytes{broker="default"} 1600\n');
    expect(metrics).toMatch(/omqtt_shed_total\{cause="in-flight"\} [1-9]/);
    broker.send({ type: 'puback', packetId, reasonCode: 0 });
    expect((await first).status).toBe(200);
    await answerNext();
    expect((await second).status).toBe(200);
  });

  test('a small message does not overtake a large one that waits, and goes on when that has waited too long', async () => {
    const limits = { maximumInFlightBytes: 1000, ackTimeoutMs: 5000 };
    const { broker, bridge } = await scene({}, { publish: limits });
    const send = (bytes: number, query = ''): ReturnType<typeof publish> => {
      return bridge.call('POST', `/v1/topics/a${query}`, { body: 'x'.repeat(bytes) });
    };
    const first = send(700);
    const { packetId: firstId = 0 } = await broker.expect('publish');
    const large = send(400, '?wait=1');
    await queued(bridge, 1);
    const small = send(50);
    await queued(bridge, 2);
    expect((await large).body).toMatchObject({ code: 'overloaded', outcome: 'not-sent' });
    const { packetId = 0, payload } = await broker.expect('publish');
    expect(payload).toHaveLength(50);
    for (const id of [firstId, packetId]) broker.send({ type: 'puback', packetId: id, reasonCode: 0 });
    expect([(await first).status, (await small).status]).toEqual([200, 200]);
  });

  test('what has waited its whole time was not sent', async () => {
    const { broker, bridge } = await scene({ receiveMaximum: 1 }, { publish: { ackTimeoutMs: 150 } });
    const [sent, waiting] = [publish(bridge), publish(bridge)];
    await broker.expect('publish');
    const answers = await Promise.all([sent, waiting]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => b - a)).toEqual([504, 503]);
    expect(answers.find(({ status }) => status === 503)?.body['outcome']).toBe('not-sent');
  });
});
