import { expect, test } from 'vitest';
import { startBroker } from '../src/index.ts';
import { connect } from './raw-client.ts';

const note = { reasonString: 'long'.repeat(50), userProperties: [['a', 'b']] } as const;

test('[5.0 MQTT-3.4.2-1, MQTT-3.5.2-1, MQTT-3.7.2-1, MQTT-3.6.2-1, MQTT-2.2.2-1] acknowledgements have the codes of their tables, and leave out what is empty', async () => {
  await using broker = await startBroker({ listeners: [] });
  const client = await connect(broker);
  client.publish('nobody', 'x', { qos: 1, packetId: 1 });
  client.publish('nobody', 'x', { qos: 2, packetId: 2 });
  client.send({ type: 'pubrel', packetId: 2, reasonCode: 0 });
  client.send({ type: 'pubrel', packetId: 3, reasonCode: 0 });
  client.send({ type: 'pubrec', packetId: 4, reasonCode: 0 });
  expect(await client.settled()).toMatchObject([
    { type: 'puback', packetId: 1, reasonCode: 0x10 },
    { type: 'pubrec', packetId: 2, reasonCode: 0x10 },
    { type: 'pubcomp', packetId: 2, reasonCode: 0 },
    { type: 'pubcomp', packetId: 3, reasonCode: 0x92 },
    { type: 'pubrel', packetId: 4, reasonCode: 0x92 },
  ]);
  await client.subscribe('a', { qos: 0 });
  await broker.publish({ topic: 'a', payload: 'x' });
  await client.next('publish');
  // PUBLISH · topic · property length 0 · payload
  expect([...(client.chunks.at(-1) ?? [])]).toEqual([0x30, 5, 0, 1, 0x61, 0, 0x78]);
});

test('[5.0 MQTT-3.4.2-2, MQTT-3.4.2-3, MQTT-3.5.2-2, MQTT-3.5.2-3, MQTT-3.6.2-2, MQTT-3.7.2-2] reason string and user properties are left out of an acknowledgement that they make too large', async () => {
  await using broker = await startBroker({ listeners: [] });
  const small = await connect(broker, { clientId: 'small', properties: { maximumPacketBytes: 20 } });
  const large = await connect(broker, { clientId: 'large' });
  for (const client of [small, large]) {
    broker.refuse({ packet: 'publish', reasonCode: 0x99, times: 2, ...note });
    client.publish('a', 'x', { qos: 1, packetId: 1 });
    client.publish('a', 'x', { qos: 2, packetId: 2 });
    client.send({ type: 'pubrel', packetId: 3, reasonCode: 0 });
    client.send({ type: 'pubrec', packetId: 4, reasonCode: 0 });
    const packets = await client.settled();
    expect(packets).toMatchObject([
      { type: 'puback', reasonCode: 0x99 },
      { type: 'pubrec', reasonCode: 0x99 },
      { type: 'pubcomp', reasonCode: 0x92 },
      { type: 'pubrel', reasonCode: 0x92 },
    ]);
    expect(packets.map((packet) => 'properties' in packet)).toEqual(Array(4).fill(client === large));
  }
});

test('[5.0 MQTT-3.1.2-29] without Request Problem Information only PUBLISH, CONNACK and DISCONNECT say more than the code', async () => {
  await using broker = await startBroker({ listeners: [] });
  const client = await connect(broker, { properties: { requestProblemInformation: false } });
  broker.refuse({ packet: 'publish', reasonCode: 0x99, ...note });
  broker.refuse({ packet: 'unsubscribe', reasonCode: 0x83, ...note });
  client.publish('a', 'x', { qos: 1, packetId: 1 });
  client.send({ type: 'unsubscribe', packetId: 2, filters: ['a'] });
  client.send({ type: 'pubrel', packetId: 3, reasonCode: 0 });
  const packets = await client.settled();
  expect(packets.map(({ type }) => type)).toEqual(['puback', 'unsuback', 'pubcomp']);
  expect(packets.some((packet) => 'properties' in packet)).toBe(false);
  await client.subscribe('a');
  await broker.publish({ topic: 'a', properties: { userProperties: [['a', 'b']] } });
  expect((await client.next('publish')).properties).toEqual({ userProperties: [['a', 'b']] });
  broker.disconnect('client', { reasonString: 'why' });
  expect(await client.next('disconnect')).toMatchObject({ properties: { reasonString: 'why' } });
});

test('[5.0 MQTT-3.14.2-1, MQTT-3.14.2-2, MQTT-3.14.2-3, MQTT-3.14.2-4] DISCONNECT has a code of its table and no session expiry, and says as much as fits', async () => {
  await using broker = await startBroker({ listeners: [] });
  const small = await connect(broker, { clientId: 'small', properties: { maximumPacketBytes: 20 } });
  const large = await connect(broker, { clientId: 'large' });
  for (const clientId of ['small', 'large']) broker.disconnect(clientId, { reasonCode: 0x97, ...note });
  expect(await small.ended()).toEqual([{ type: 'disconnect', reasonCode: 0x97 }]);
  expect(await large.ended()).toEqual([{ type: 'disconnect', reasonCode: 0x97, properties: note }]);
});

test.each([
  { qos: 1, type: 'pubrec' },
  { qos: 1, type: 'pubcomp' },
  { qos: 2, type: 'puback' },
  { qos: 2, type: 'pubcomp' },
] as const)('$type for a QoS $qos message is a protocol error', async ({ qos, type }) => {
  await using broker = await startBroker({ listeners: [] });
  const client = await connect(broker);
  await client.subscribe('a');
  await broker.publish({ topic: 'a', qos });
  const { packetId = 0 } = await client.next('publish');
  client.send({ type, packetId, reasonCode: 0 });
  expect(await client.ended()).toMatchObject([{ type: 'disconnect', reasonCode: 0x82 }]);
});

test('[3.1.1 MQTT-3.3.5-2] in 3.1.1 a message that is not allowed is acknowledged as any other, and dropped', async () => {
  await using broker = await startBroker({ listeners: [], authorize: ({ action }) => action !== 'publish' });
  const client = await connect(broker, { version: '3.1.1' });
  await client.subscribe('#');
  client.publish('a', 'x', { qos: 1, packetId: 1 });
  client.publish('a', 'x', { qos: 2, packetId: 2 });
  client.publish('a', 'x');
  expect(await client.settled()).toMatchObject([{ type: 'puback' }, { type: 'pubrec' }]);
});

test('[3.1.1 MQTT-4.8.0-2] in 3.1.1 a message that could not be judged ends the connection instead of an acknowledgement', async () => {
  await using broker = await startBroker({
    listeners: [],
    onError: () => {},
    authorize: () => Promise.reject(new Error('the directory is away')),
  });
  const client = await connect(broker, { version: '3.1.1' });
  client.publish('a', 'x', { qos: 2, packetId: 1 });
  expect(await client.ended()).toEqual([]);
});

test('in 5.0 a message that is not allowed is answered with 0x87, at once or later, in order', async () => {
  await using broker = await startBroker({
    listeners: [],
    authorize: ({ topic }) => (topic === 'slow' ? Promise.resolve(false) : topic !== 'no'),
  });
  const client = await connect(broker);
  for (const [index, topic] of ['no', 'slow', 'yes', '$SYS/broker/x'].entries()) {
    client.publish(topic, 'x', { qos: 1, packetId: index + 1 });
  }
  const answers = (await client.settled()).map(
    (packet) => packet.type === 'puback' && [packet.packetId, packet.reasonCode],
  );
  expect(answers).toEqual([
    [1, 0x87],
    [2, 0x87],
    [3, 0x10],
    [4, 0x87],
  ]);
});

test.each(['5.0', '3.1.1'] as const)(
  '[5.0 MQTT-3.12.4-1] [3.1.1 MQTT-3.12.4-1] in %s PINGREQ is answered by PINGRESP',
  async (version) => {
    await using broker = await startBroker({ listeners: [] });
    const client = await connect(broker, { version });
    client.send({ type: 'pingreq' });
    expect(await client.next('pingresp')).toEqual({ type: 'pingresp' });
  },
);
