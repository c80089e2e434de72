import { describe, expect, test } from 'vitest';
import { connectFor, limit, nextStatus } from './connecting.ts';
import { mosquitto, startBroker } from './mosquitto.ts';
import { startRelay } from './relay.ts';

const MESSAGES = 2000;
const LIMIT = 20;
const PAYLOAD = 'x'.repeat(4096);
const limitOfPoll = { timeout: limit.timeoutMs };

describe.skipIf(mosquitto.isMissing)('against a mosquitto that sends without end', () => {
  test('MQTT 3.1.1 leaves at the network what it has no hands for, and nothing is lost [parity E29]', async () => {
    // Not over WebSocket: once its peer has not read for a moment, this broker sends there a few messages a second only.
    const broker = await startBroker({
      lines: ['max_inflight_messages 0', 'max_queued_messages 0', 'max_queued_bytes 0'],
    });
    const options = { version: '3.1.1', receiveMaximum: LIMIT, keepAliveSeconds: 5, pingTimeoutMs: 1000 } as const;
    const client = await connectFor(broker, options);
    const messages = client.subscribe('flood', { ack: 'manual' });
    await messages.ready;
    const publisher = await connectFor(broker);
    await Promise.all(
      Array.from({ length: MESSAGES }, (_, index) => publisher.publish('flood', `${index} ${PAYLOAD}`, { qos: 1 })),
    );
    // Of 8 MB, no more than the limit and a chunk.
    await expect.poll(() => messages.buffered).toBeGreaterThanOrEqual(LIMIT);
    expect(messages.buffered).toBeLessThan(LIMIT + 100);
    // An answer is read all the same, and lets in what stands before it.
    await client.ping(limit);
    const order: string[] = [];
    for (let count = 0; count < MESSAGES; count += 1) {
      const message = await messages.next(limit);
      order.push(message.text().split(' ')[0] ?? '');
      message.ack();
    }
    expect(order).toEqual(Array.from({ length: MESSAGES }, (_, index) => `${index}`));
    expect(client.counts.connections).toBe(1);
  });

  // With each connection on which it gets some answers, this broker has more in flight than before.
  test('MQTT 5.0 gets through a session that has more in flight than it announced', async () => {
    const broker = await startBroker({ lines: ['max_queued_messages 0'] });
    const relay = await startRelay(broker.port);
    const client = await connectFor(
      { url: relay.url },
      { clientId: 'slow', session: { expirySeconds: 60 }, receiveMaximum: 5, reconnect: { initialMs: 20, maxMs: 50 } },
    );
    const messages = client.subscribe('backlog', { ack: 'manual' });
    await messages.ready;
    const publisher = await connectFor(broker);
    await Promise.all(Array.from({ length: 300 }, (_, index) => publisher.publish('backlog', `${index}`, { qos: 1 })));
    for (let cuts = 0; cuts < 4; cuts += 1) {
      for (let count = 0; count < 3; count += 1) (await messages.next(limit)).ack();
      await client.ping(limit);
      const isBack = nextStatus(client, 'connected');
      relay.cut();
      await isBack;
    }
    await expect.poll(() => messages.buffered).toBeGreaterThan(5);
    const arrived = new Set<string>();
    while (!arrived.has('299')) {
      const message = await messages.next(limit);
      arrived.add(message.text());
      message.ack();
    }
    expect([...arrived]).toEqual(Array.from({ length: 288 }, (_, index) => `${index + 12}`));
    expect(client.counts.connections).toBe(5);
  });

  test('MQTT 5.0 hands all of it to a handler, however slow, that may ask others meanwhile', async () => {
    const broker = await startBroker({ lines: ['max_queued_messages 0'] });
    const service = await connectFor(broker);
    await service.respond('service', (request) => request.text()).ready;
    const client = await connectFor(broker, { receiveMaximum: 5 });
    const answers: string[] = [];
    const flood = client.subscribe('flood', async (message) => {
      // An answer at QoS 1 would stand in line with the flood, at the server.
      answers.push((await client.request('service', message.text(), { qos: 0, ...limit })).text());
    });
    await flood.ready;
    const publisher = await connectFor(broker);
    await Promise.all(Array.from({ length: 200 }, (_, index) => publisher.publish('flood', `${index}`, { qos: 1 })));
    await expect.poll(() => answers.length, limitOfPoll).toBe(200);
    expect(answers).toEqual(Array.from({ length: 200 }, (_, index) => `${index}`));
    expect(client.counts.connections).toBe(1);
  });
});
