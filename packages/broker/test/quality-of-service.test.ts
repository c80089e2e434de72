import { expect, test } from 'vitest';
import { startBroker } from '../src/index.ts';
import { connect, textOf } from './raw-client.ts';

const versions = ['5.0', '3.1.1'] as const;

test.each(versions)(
  '[5.0 MQTT-3.3.4-1, MQTT-4.3.1-1, MQTT-3.3.1-2, MQTT-2.2.1-2] [3.1.1 MQTT-3.3.4-1, MQTT-4.3.1-1, MQTT-3.3.1-2, MQTT-2.3.1-5] in %s a QoS 0 message is delivered at QoS 0 without DUP and id, and nothing is answered',
  async (version) => {
    await using broker = await startBroker({ listeners: [] });
    const subscriber = await connect(broker, { clientId: 'subscriber', version });
    const publisher = await connect(broker, { clientId: 'publisher', version });
    await subscriber.subscribe('a/b');
    publisher.publish('a/b', 'x');
    const delivered = await subscriber.next('publish');
    expect(delivered).toMatchObject({ topic: 'a/b', qos: 0, dup: false, retain: false });
    expect(delivered.packetId).toBeUndefined();
    expect(textOf(delivered)).toBe('x');
    expect(await publisher.settled()).toEqual([]);
  },
);

test.each(versions)(
  '[5.0 MQTT-4.3.2-4, MQTT-2.2.1-5, MQTT-4.3.2-1, MQTT-4.3.2-2, MQTT-2.2.1-4, MQTT-4.5.0-1] [3.1.1 MQTT-4.3.2-2, MQTT-2.3.1-6, MQTT-4.3.2-1, MQTT-2.3.1-1, MQTT-2.3.1-4, MQTT-4.5.0-1] in %s a QoS 1 message is acknowledged with its id and delivered with another, unused one',
  async (version) => {
    await using broker = await startBroker({ listeners: [] });
    const subscriber = await connect(broker, { clientId: 'subscriber', version });
    const publisher = await connect(broker, { clientId: 'publisher', version });
    await subscriber.subscribe('a');
    publisher.publish('a', '1', { qos: 1, packetId: 700 });
    publisher.publish('a', '2', { qos: 1, packetId: 701 });
    expect(await publisher.next('puback')).toMatchObject({ packetId: 700, reasonCode: 0 });
    expect(await publisher.next('puback')).toMatchObject({ packetId: 701, reasonCode: 0 });
    const [first, second] = [await subscriber.next('publish'), await subscriber.next('publish')];
    expect(first).toMatchObject({ qos: 1, dup: false });
    expect([textOf(first), textOf(second)]).toEqual(['1', '2']);
    expect(first.packetId).toBeGreaterThan(0);
    expect(second.packetId).toBeGreaterThan(0);
    expect(second.packetId).not.toBe(first.packetId);
  },
);

test.each(versions)(
  '[5.0 MQTT-4.3.3-1, MQTT-4.3.3-2, MQTT-4.3.3-4, MQTT-4.3.3-8, MQTT-4.3.3-11] [3.1.1 MQTT-4.3.3-1, MQTT-4.3.3-2] in %s a QoS 2 message goes through all four steps on both sides',
  async (version) => {
    await using broker = await startBroker({ listeners: [] });
    const subscriber = await connect(broker, { clientId: 'subscriber', version });
    const publisher = await connect(broker, { clientId: 'publisher', version });
    await subscriber.subscribe('a');
    publisher.publish('a', 'x', { qos: 2, packetId: 9 });
    expect(await publisher.next('pubrec')).toMatchObject({ packetId: 9, reasonCode: 0 });
    publisher.send({ type: 'pubrel', packetId: 9, reasonCode: 0 });
    expect(await publisher.next('pubcomp')).toMatchObject({ packetId: 9, reasonCode: 0 });

    const { packetId = 0, dup, qos } = await subscriber.next('publish');
    expect({ dup, qos }).toEqual({ dup: false, qos: 2 });
    subscriber.send({ type: 'pubrec', packetId, reasonCode: 0 });
    expect(await subscriber.next('pubrel')).toMatchObject({ packetId, reasonCode: 0 });
    expect(broker.sessions.find(({ clientId }) => clientId === 'subscriber')?.inFlight).toMatchObject([
      { stage: 'released' },
    ]);
    subscriber.send({ type: 'pubcomp', packetId, reasonCode: 0 });
    expect(await subscriber.settled()).toEqual([]);
    expect(broker.sessions.map(({ inFlight }) => inFlight)).toEqual([[], []]);
  },
);

test.each(versions)(
  '[5.0 MQTT-4.3.3-10, MQTT-4.3.3-12] [3.1.1 MQTT-4.3.3-2] in %s a repeated QoS 2 message is delivered once until PUBREL, and its id is a new message afterwards',
  async (version) => {
    await using broker = await startBroker({ listeners: [] });
    const subscriber = await connect(broker, { clientId: 'subscriber', version });
    const publisher = await connect(broker, { clientId: 'publisher', version });
    await subscriber.subscribe('a', { qos: 0 });
    publisher.publish('a', 'first', { qos: 2, packetId: 9 });
    publisher.publish('a', 'first', { qos: 2, packetId: 9, dup: true });
    await publisher.next('pubrec');
    await publisher.next('pubrec');
    publisher.send({ type: 'pubrel', packetId: 9, reasonCode: 0 });
    await publisher.next('pubcomp');
    publisher.publish('a', 'second', { qos: 2, packetId: 9, dup: true });
    await publisher.next('pubrec');
    expect([textOf(await subscriber.next('publish')), textOf(await subscriber.next('publish'))]).toEqual([
      'first',
      'second',
    ]);
    expect(await subscriber.settled()).toEqual([]);
  },
);

test.each(versions)(
  '[5.0 MQTT-4.3.2-5] [3.1.1 MQTT-4.3.2-2] in %s a QoS 1 id that was acknowledged is a new message, whatever DUP says',
  async (version) => {
    await using broker = await startBroker({ listeners: [] });
    const client = await connect(broker, { version });
    await client.subscribe('a', { qos: 0 });
    for (const dup of [false, true]) {
      client.publish('a', String(dup), { qos: 1, packetId: 5, dup });
      expect((await client.settled()).map(({ type }) => type).toSorted()).toEqual(['puback', 'publish']);
    }
  },
);

test.each([
  { published: 2, granted: 1, delivered: 1 },
  { published: 1, granted: 2, delivered: 1 },
  { published: 2, granted: 0, delivered: 0 },
  { published: 0, granted: 2, delivered: 0 },
] as const)(
  '[5.0 MQTT-3.8.4-8] [3.1.1 MQTT-3.8.4-6] QoS $published for a subscription of QoS $granted is delivered at QoS $delivered',
  async ({ published, granted, delivered }) => {
    await using broker = await startBroker({ listeners: [] });
    const client = await connect(broker);
    await client.subscribe('a', { qos: granted });
    await broker.publish({ topic: 'a', qos: published });
    expect(await client.next('publish')).toMatchObject({ qos: delivered });
  },
);
