import { expect, test } from 'vitest';
import { startBroker } from '../src/index.ts';
import { connect, textOf } from './raw-client.ts';

test('those who share a subscription get each message once between them, in turn', async () => {
  await using broker = await startBroker({ listeners: [] });
  const members = [await connect(broker, { clientId: '1' }), await connect(broker, { clientId: '2' })];
  for (const member of members) await member.subscribe('$share/g/a/+', { qos: 0 });
  const other = await connect(broker, { clientId: 'other' });
  await other.subscribe('$share/other/a/+', { qos: 0 });
  for (let index = 0; index < 10; index += 1) await broker.publish({ topic: 'a/b', payload: String(index) });
  const counts = await Promise.all(members.map(async (member) => (await member.settled()).length));
  expect(counts).toEqual([5, 5]);
  expect(await other.settled()).toHaveLength(10);
});

test('[5.0 MQTT-4.8.2-3] the granted QoS of each member is respected', async () => {
  await using broker = await startBroker({ listeners: [] });
  const members = [await connect(broker, { clientId: '0' }), await connect(broker, { clientId: '1' })];
  await members[0]?.subscribe('$share/g/a', { qos: 0 });
  await members[1]?.subscribe('$share/g/a', { qos: 1 });
  for (let index = 0; index < 2; index += 1) await broker.publish({ topic: 'a', qos: 2 });
  expect(await members[0]?.settled()).toMatchObject([{ qos: 0 }]);
  expect(await members[1]?.settled()).toMatchObject([{ qos: 1 }]);
});

test('[5.0 MQTT-4.8.2-4, MQTT-4.8.2-5] a QoS 2 delivery that has begun is completed with the same member, or with nobody', async () => {
  await using broker = await startBroker({ listeners: [] });
  const lasting = { cleanStart: false, properties: { sessionExpirySeconds: 60 } };
  const first = await connect(broker, { clientId: '1', ...lasting });
  await first.subscribe('$share/g/a');
  await broker.publish({ topic: 'a', payload: 'x', qos: 2 });
  const { packetId } = await first.next('publish');
  const second = await connect(broker, { clientId: '2' });
  await second.subscribe('$share/g/a');
  first.destroy();
  await first.ended();
  const back = await connect(broker, { clientId: '1', ...lasting });
  expect(await back.next('publish')).toMatchObject({ packetId, dup: true });
  await connect(broker, { clientId: '1' });
  expect(await second.settled()).toEqual([]);
});

test.each([1, 2] as const)(
  '[5.0 MQTT-4.8.2-6, MQTT-4.4.0-2, MQTT-4.3.3-9] a negative acknowledgement of QoS %i ends the message: nobody gets it again',
  async (qos) => {
    await using broker = await startBroker({ listeners: [] });
    const lasting = { cleanStart: false, properties: { sessionExpirySeconds: 60 } };
    const client = await connect(broker, lasting);
    await client.subscribe('$share/g/a');
    await broker.publish({ topic: 'a', qos });
    const { packetId = 0 } = await client.next('publish');
    client.send({ type: qos === 1 ? 'puback' : 'pubrec', packetId, reasonCode: 0x83 });
    expect(await client.settled()).toEqual([]);
    expect(broker.sessions).toMatchObject([{ inFlight: [] }]);
    client.destroy();
    await client.ended();
    expect(await (await connect(broker, lasting)).settled()).toEqual([]);
  },
);

test('who is connected is preferred, and who is away keeps what nobody else takes', async () => {
  await using broker = await startBroker({ listeners: [] });
  const lasting = { cleanStart: false, properties: { sessionExpirySeconds: 60 } };
  const away = await connect(broker, { clientId: 'away', ...lasting });
  await away.subscribe('$share/g/a');
  away.destroy();
  await away.ended();
  const here = await connect(broker, { clientId: 'here' });
  await here.subscribe('$share/g/a');
  await broker.publish({ topic: 'a', payload: '1', qos: 1 });
  await broker.publish({ topic: 'a', payload: '2', qos: 1 });
  expect(await here.settled()).toHaveLength(2);
  here.send({ type: 'disconnect', reasonCode: 0 });
  await here.ended();
  await broker.publish({ topic: 'a', payload: '3', qos: 1 });
  expect(textOf(await (await connect(broker, { clientId: 'away', ...lasting })).next('publish'))).toBe('3');
});

test('a shared subscription gets no retained messages, and works in 3.1.1', async () => {
  await using broker = await startBroker({ listeners: [] });
  await broker.publish({ topic: 'a', payload: 'x', retain: true });
  const client = await connect(broker, { version: '3.1.1' });
  await client.subscribe('$share/g/a');
  expect(await client.settled()).toEqual([]);
  await broker.publish({ topic: 'a' });
  expect(await client.settled()).toHaveLength(1);
});
