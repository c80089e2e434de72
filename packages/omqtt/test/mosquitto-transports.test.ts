import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { connect, type ClientOptions, type QoS } from '../src/index.ts';
import { connectFor, limit } from './connecting.ts';
import { certificates, mosquitto, startBroker, type Broker, type BrokerPlan } from './mosquitto.ts';

const versions = ['5.0', '3.1.1'] as const;
const qualities: readonly QoS[] = [0, 1, 2];

interface Way {
  readonly name: string;
  readonly plan: BrokerPlan;
  readonly url: (broker: Broker) => string;
  readonly options?: ClientOptions;
  /** Of the large payload. */
  readonly bytes?: number;
}

const ways: readonly Way[] = [
  { name: 'TCP', plan: {}, url: ({ url }) => url },
  {
    name: 'TLS',
    plan: { tls: true },
    url: ({ tlsUrl }) => tlsUrl,
    options: { tls: { ca: readFileSync(join(certificates, 'ca.pem'), 'utf8') } },
  },
  // This mosquitto takes seconds for a large frame.
  { name: 'WebSocket', plan: { webSocket: true }, url: ({ webSocketUrl }) => webSocketUrl, bytes: 20_000 },
  { name: 'a unix socket', plan: { unixSocket: true }, url: ({ unixUrl }) => unixUrl },
];

describe.skipIf(mosquitto.isMissing)('against mosquitto', () => {
  describe.each(ways)('over $name', ({ plan, url, options, bytes = 300_000 }) => {
    test.each(versions)(
      'MQTT %s brings every message at every QoS, both ways, in order [parity O10]',
      async (version) => {
        const broker = await startBroker(plan);
        const client = await connectFor({ url: url(broker) }, { ...options, version });
        for (const qos of qualities) {
          await using subscription = client.subscribe(`a/${qos}`, { qos });
          expect(await subscription.ready).toEqual([{ filter: `a/${qos}`, qos }]);
          const sent = Array.from({ length: 50 }, (_, index) => `${qos}:${index}`);
          const receipts = await Promise.all(sent.map((text) => client.publish(`a/${qos}`, text, { qos })));
          expect(receipts.every((receipt) => receipt.qos === qos && receipt.reasonCode === 0)).toBe(true);
          const received: string[] = [];
          while (received.length < sent.length) {
            const message = await subscription.next(limit);
            expect(message.qos).toBe(qos);
            received.push(message.text());
          }
          expect(received).toEqual(sent);
        }
      },
    );

    test('a payload larger than any buffer on the way comes back whole', async () => {
      const broker = await startBroker(plan);
      const client = await connectFor({ url: url(broker) }, options);
      const subscription = client.subscribe('large');
      await subscription.ready;
      const payload = Uint8Array.from({ length: bytes }, (_, index) => index % 251);
      await client.publish('large', payload, { qos: 1 });
      expect(Buffer.compare((await subscription.next(limit)).payload, payload)).toBe(0);
    });
  });

  test('tells what the TLS of the connection is like', async () => {
    const broker = await startBroker({ tls: true });
    const client = await connectFor(
      { url: broker.tlsUrl },
      { tls: { ca: readFileSync(join(certificates, 'ca.pem'), 'utf8') } },
    );
    expect(client.connection?.transport).toMatchObject({ isSecure: true, tls: { version: 'TLSv1.3' } });
  });

  test('does not trust a certificate of an unknown authority', async () => {
    const broker = await startBroker({ tls: true });
    const refused = connect(broker.tlsUrl);
    await expect(refused).rejects.toMatchObject({
      code: 'dial-failed',
      retryable: false,
      cause: { code: 'certificate-not-trusted' },
    });
  });

  test('goes on to the next URL when the first broker is not there', async () => {
    const broker = await startBroker();
    const client = await connectFor(
      { url: ['mqtt://127.0.0.1:1', broker.url] },
      { reconnect: { initial: true, initialMs: 1 } },
    );
    expect(client.connection?.transport.peer).toBe(`127.0.0.1:${broker.port}`);
  });

  test('`await using` says goodbye at the end of the block [parity O2, B1]', async () => {
    const broker = await startBroker();
    const witness = await connectFor(broker);
    const topics = witness.subscribe('#');
    await topics.ready;
    {
      await using client = await connect(broker.url, { will: { topic: 'will', payload: '' } });
      await client.publish('block', '', { qos: 1 });
    }
    await witness.publish('after', '');
    expect([(await topics.next(limit)).topic, (await topics.next(limit)).topic]).toEqual(['block', 'after']);
  });
});
