import { describe, expect, test } from 'vitest';
import { connectFor, limit } from './connecting.ts';
import { mosquitto, startBroker } from './mosquitto.ts';

const MESSAGES = 2000;
const LIMIT = 20;
const PAYLOAD = 'x'.repeat(4096);

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
});
