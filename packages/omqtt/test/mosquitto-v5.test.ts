import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { connect, type Packet } from '../src/index.ts';
import { connectFor, limit } from './connecting.ts';
import { mosquitto, startBroker } from './mosquitto.ts';

describe.skipIf(mosquitto.isMissing)('against mosquitto, what only 5.0 has', () => {
  test('the identifier of a subscription comes with its messages, and leads them to it alone [parity Z24]', async () => {
    const broker = await startBroker();
    const client = await connectFor(broker);
    const wide = client.subscribe('a/#', { identifier: 1 });
    const narrow = client.subscribe('a/b', { identifier: 268_435_455 });
    await Promise.all([wide.ready, narrow.ready]);
    await client.publish('a/c', 'c', { qos: 1 });
    await client.publish('a/b', 'b', { qos: 1 });
    expect((await wide.next(limit)).properties.subscriptionIdentifiers).toEqual([1]);
    expect((await narrow.next(limit)).text()).toBe('b');
    expect((await wide.next(limit)).text()).toBe('b');
  });

  test('subscription options reach the server [parity O7]', async () => {
    const broker = await startBroker();
    const client = await connectFor(broker);
    await client.publish('retained', 'old', { retain: true, qos: 1 });
    const subscription = client.subscribe(['retained', 'local'], {
      noLocal: true,
      retainAsPublished: true,
      retainHandling: 2,
    });
    await subscription.ready;
    await client.publish('local', 'mine', { qos: 1 });
    const other = await connectFor(broker);
    await other.publish('local', 'yours', { qos: 1, retain: true });
    const message = await subscription.next(limit);
    expect([message.text(), message.retain]).toEqual(['yours', true]);
  });

  test('a message that expired is not delivered, and one that did not tells what is left', async () => {
    const broker = await startBroker();
    const options = { clientId: 'sleeper', session: { expirySeconds: 60, adopt: true } };
    const sleeper = await connectFor(broker, options);
    await sleeper.subscribe('a', { qos: 1 }).ready;
    await sleeper.disconnect();
    const sender = await connectFor(broker);
    await sender.publish('a', 'short', { qos: 1, properties: { messageExpirySeconds: 1 } });
    await sender.publish('a', 'long', { qos: 1, properties: { messageExpirySeconds: 100 } });
    // The clock of the server has no handle.
    await wait(2100);
    const subscription = sleeper.subscribe('a', { qos: 1 });
    await sleeper.connect();
    const message = await subscription.next(limit);
    expect(message.text()).toBe('long');
    expect(message.properties.messageExpirySeconds).toBeLessThan(100);
  });

  test('properties arrive as they were sent, and in their order', async () => {
    const broker = await startBroker();
    const client = await connectFor(broker);
    const subscription = client.subscribe('a');
    await subscription.ready;
    const properties = {
      payloadFormatIndicator: 1,
      contentType: 'text/plain',
      responseTopic: 'answers',
      correlationData: Uint8Array.of(1, 2, 3),
      userProperties: [
        ['b', '1'],
        ['a', '2'],
        ['b', '3'],
      ],
    } as const;
    await client.publish('a', 'x', { properties });
    expect((await subscription.next(limit)).properties).toEqual(properties);
  });

  test('a request gets its answer, and one that nobody hears an error', async () => {
    const broker = await startBroker();
    const [asker, answerer] = [await connectFor(broker), await connectFor(broker)];
    const answering = answerer.respond('sum', (request) => String(request.text().split('+').map(Number).length));
    await answering.ready;
    const answers = await Promise.all(['1+2', '1+2+3'].map((text) => asker.request('sum', text, limit)));
    expect(answers.map((answer) => answer.text())).toEqual(['2', '3']);
    await expect(asker.request('nobody', '', limit)).rejects.toMatchObject({ code: 'no-responder' });
  });

  test('topic aliases shorten what is sent, within the maximum of the server', async () => {
    const broker = await startBroker();
    const out: Packet[] = [];
    const client = await connectFor(broker, {
      topicAliasMaximum: 10,
      onPacket: ({ direction, packet }) => {
        if (direction === 'out' && packet.type === 'publish') out.push(packet);
      },
    });
    const maximum = client.connection?.limits.topicAliasMaximum ?? 0;
    expect(maximum).toBeGreaterThan(0);
    const subscription = client.subscribe('t/#', { qos: 1 });
    await subscription.ready;
    // One topic more than there are aliases: the least recently used makes room.
    const topics = Array.from({ length: maximum + 1 }, (_, index) => [`t/${index}`, `t/${index}`]).flat();
    for (const topic of [...topics, 't/0', ...topics]) await client.publish(topic, topic, { alias: 'always' });
    for (const topic of [...topics, 't/0', ...topics]) {
      const message = await subscription.next(limit);
      expect([message.topic, message.text()]).toEqual([topic, topic]);
    }
    const short = out.filter((packet) => packet.type === 'publish' && packet.topic === '');
    expect(short.length).toBeGreaterThanOrEqual(topics.length);
  });

  test('never more messages are on their way than the server takes [parity P6]', async () => {
    const broker = await startBroker({ lines: ['max_inflight_messages 3'] });
    let inFlight = 0;
    let most = 0;
    const client = await connectFor(broker, {
      onPacket: ({ packet }) => {
        if (packet.type === 'publish') inFlight += 1;
        if (packet.type === 'puback' || packet.type === 'pubcomp') inFlight -= 1;
        most = Math.max(most, inFlight);
      },
    });
    expect(client.connection?.limits.receiveMaximum).toBe(3);
    const each = Array.from({ length: 60 }, (_, index) => client.publish('a', '', { qos: index % 2 === 0 ? 1 : 2 }));
    await Promise.all(each);
    expect(most).toBe(3);
  });

  test('the server waits for acknowledgements when it has sent as many as this side takes', async () => {
    const broker = await startBroker();
    const client = await connectFor(broker, { receiveMaximum: 2 });
    const subscription = client.subscribe('a', { qos: 1, ack: 'manual' });
    await subscription.ready;
    const sender = await connectFor(broker);
    for (let index = 0; index < 5; index += 1) await sender.publish('a', String(index), { qos: 1 });
    await client.ping(limit);
    expect(subscription.buffered).toBe(2);
    for (let index = 0; index < 5; index += 1) {
      const message = await subscription.next(limit);
      expect(message.text()).toBe(String(index));
      message.ack();
    }
  });

  test('a message too large for the server is refused here, one too large for this side there [parity P7]', async () => {
    const broker = await startBroker({ lines: ['max_packet_size 1000'] });
    const client = await connectFor(broker, { maximumPacketBytes: 200 });
    expect(client.connection?.limits.maximumPacketBytes).toBe(1000);
    const tooLarge = client.publish('a', new Uint8Array(1000), { qos: 1 });
    await expect(tooLarge).rejects.toMatchObject({ code: 'server-limit', limit: 'packet-size' });
    const subscription = client.subscribe('a', { qos: 1 });
    await subscription.ready;
    const sender = await connectFor(broker);
    await sender.publish('a', new Uint8Array(500), { qos: 1 });
    await sender.publish('a', 'small', { qos: 1 });
    expect((await subscription.next(limit)).text()).toBe('small');
    expect(client.connection?.number).toBe(1);
  });

  test('the keep-alive and the limits are those of the server [parity Z32]', async () => {
    const broker = await startBroker({ lines: ['max_keepalive 10', 'max_qos 1', 'retain_available false'] });
    const client = await connectFor(broker);
    expect(client.connection).toMatchObject({
      keepAliveSeconds: 10,
      limits: { maximumQoS: 1, retainAvailable: false },
    });
    await expect(client.publish('a', '', { qos: 2 })).rejects.toMatchObject({ code: 'server-limit', limit: 'qos' });
    await expect(client.publish('a', '', { retain: true })).rejects.toMatchObject({ limit: 'retain' });
  });

  test('`auto` speaks 5.0 with a server that knows it', async () => {
    const broker = await startBroker();
    const client = await connect(broker.url, { version: 'auto' });
    onTestFinished(() => client.close());
    expect(client.connection?.version).toBe('5.0');
  });
});
