import type { Packet } from '@omqtt/codec';
import { describe, expect, test } from 'vitest';
import { fakeClock, memoryTransport, scriptedBroker } from '../src/index.ts';
import { connectPacket, connectTo } from './raw-client.ts';

const publish: Packet = {
  type: 'publish',
  topic: 'room/1',
  payload: new TextEncoder().encode('21 °C'),
  qos: 1,
  retain: false,
  dup: false,
  packetId: 7,
  properties: { contentType: 'text/plain', userProperties: [['a', '1']] },
};
const puback: Packet = { type: 'puback', packetId: 7, reasonCode: 0 };

test('a dialogue reads line by line', async () => {
  const broker = scriptedBroker();
  const client = await connectTo(broker);
  client.send(connectPacket('x'));
  await broker.expect('connect', { clientId: 'x', keepAliveSeconds: 60 });
  broker.send({ type: 'connack', sessionPresent: false, reasonCode: 0 });
  client.send(publish);
  const { packetId } = await broker.expect('publish', { topic: 'room/1', payload: '21 °C' });
  expect(packetId).toBe(7);
  broker.send(puback);
  client.send({ type: 'disconnect', reasonCode: 0 });
  void client.connection.close();
  await broker.expect('disconnect');
  await broker.expectClosed();
  await broker.expectNothing();
  expect(client.packets.map(({ type }) => type)).toEqual(['connack', 'puback']);
  expect(client.ends).toEqual(['in order']);
});

test.each(['5.0', '3.1.1'] as const)(
  'acceptConnection expects CONNECT and answers it in version %s',
  async (version) => {
    const broker = scriptedBroker({ version });
    const client = await connectTo(broker, version);
    client.send(connectPacket('x', version));
    const properties = version === '5.0' ? { properties: { receiveMaximum: 3 } } : {};
    const connect = await broker.acceptConnection({ connect: { clientId: 'x' }, sessionPresent: true, ...properties });
    expect(connect).toMatchObject({ type: 'connect', version });
    client.send({ type: 'pingreq' });
    await broker.expect('pingreq');
    expect(client.packets).toEqual([{ type: 'connack', sessionPresent: true, reasonCode: 0, ...properties }]);
  },
);

test('without a version the broker speaks that of each CONNECT', async () => {
  const broker = scriptedBroker();
  const client = await connectTo(broker, '3.1.1');
  client.send(connectPacket('x', '3.1.1'));
  await broker.acceptConnection();
  client.send({ type: 'pingreq' });
  await broker.expect('pingreq');
  expect(client.packets).toHaveLength(1);
});

describe('expect fails', () => {
  test('with the difference and the dialogue when a member is not as given', async () => {
    const broker = scriptedBroker();
    const client = await connectTo(broker);
    client.send(connectPacket('x'), publish);
    await broker.acceptConnection();
    const failure = broker.expect('publish', { qos: 2, payload: '22 °C', properties: { contentType: 'text/html' } });
    await expect(failure).rejects.toThrow('qos: expected 2, but it was 1');
    await expect(failure).rejects.toThrow(/payload: expected "22 °C", but it was bytes 32 31/);
    await expect(failure).rejects.toThrow('properties.contentType: expected "text/html", but it was "text/plain"');
    await expect(failure).rejects.toThrow(/dialogue so far:[\s\S]*client → \{ type: "connect"[\s\S]*broker → /);
  });

  test('when a member must be absent and is there', async () => {
    const broker = scriptedBroker();
    const client = await connectTo(broker);
    client.send(connectPacket('x'), publish, puback);
    await broker.acceptConnection();
    await expect(broker.expect('publish', { properties: { contentType: undefined } })).rejects.toThrow('contentType');
    await broker.expect('puback', { properties: undefined });
  });

  test('when another packet comes, and lists it', async () => {
    const broker = scriptedBroker();
    const client = await connectTo(broker);
    client.send(connectPacket('x'), { type: 'pingreq' });
    await broker.acceptConnection();
    await expect(broker.expect('puback', { packetId: 1 })).rejects.toThrow(
      'Expected puback { packetId: 1 }, but there came { type: "pingreq" }',
    );
  });

  test('when nothing comes in time', async () => {
    const broker = scriptedBroker({ limitMs: 20 });
    await expect(broker.expect('connect')).rejects.toThrow(/Waited 20 ms for connect.\nNobody has connected/);
    const client = await connectTo(broker);
    client.send(connectPacket('x'));
    await broker.acceptConnection();
    await expect(broker.expect('pingreq')).rejects.toThrow(/Waited 20 ms for pingreq.\nThe dialogue so far/);
  });

  test('when the connection ends instead', async () => {
    const broker = scriptedBroker();
    const client = await connectTo(broker);
    client.send(connectPacket('x'));
    await broker.acceptConnection();
    void client.connection.close();
    await expect(broker.expect('pingreq')).rejects.toThrow('the connection ended: it was closed in order');
  });

  test('when what comes is not MQTT, after the packets before it', async () => {
    const broker = scriptedBroker();
    const client = await connectTo(broker);
    client.send(connectPacket('x'), { type: 'pingreq' });
    client.connection.write(Uint8Array.of(0xf1, 0x00));
    await broker.acceptConnection();
    await broker.expect('pingreq');
    await expect(broker.expect('pingreq')).rejects.toThrow(/not MQTT.*malformed-packet/);
    await expect(broker.expectClosed()).rejects.toThrow('malformed-packet');
  });

  test('when no connection was accepted, and something else than CONNECT is expected', async () => {
    await expect(scriptedBroker().expect('publish')).rejects.toThrow('no connection was accepted yet');
    expect(() => scriptedBroker().send(puback)).toThrow('No connection was accepted yet');
  });
});

test('a function is asked, and lists count whole', async () => {
  const broker = scriptedBroker();
  const client = await connectTo(broker);
  client.send(connectPacket('x'), publish, publish, publish);
  await broker.acceptConnection();
  await broker.expect('publish', {
    payload: (bytes) => bytes.length === 6,
    properties: { userProperties: [['a', '1']] },
  });
  await expect(broker.expect('publish', ({ qos }) => qos === 2)).rejects.toThrow('what a function accepts');
  await expect(broker.expect('publish', { properties: { userProperties: [] } })).rejects.toThrow('0 in all');
});

describe('expectNothing', () => {
  test('fails for a packet that was sent, and for one that was begun', async () => {
    const broker = scriptedBroker();
    const client = await connectTo(broker);
    client.send(connectPacket('x'));
    await broker.acceptConnection();
    await broker.expectNothing();
    void Promise.resolve().then(() => client.connection.write(Uint8Array.of(0x32)));
    await expect(broker.expectNothing()).rejects.toThrow('1 bytes are on their way');
    client.connection.write(Uint8Array.of(0x05, 0x00, 0x01, 0x61, 0x00, 0x01, 0x00));
    await expect(broker.expectNothing()).rejects.toThrow(/2 bytes|topic: "a"|not MQTT/);
  });

  test('fails for bytes that wait for their time', async () => {
    const clock = fakeClock();
    const broker = scriptedBroker({ clock });
    const client = await connectTo(broker);
    client.send(connectPacket('x'));
    await broker.acceptConnection();
    broker.transport.latencyMs = 10;
    client.send({ type: 'pingreq' });
    await expect(broker.expectNothing()).rejects.toThrow('2 bytes are on their way');
    clock.advance(10);
    await expect(broker.expectNothing()).rejects.toThrow('pingreq');
  });

  test('fails for a new connection, and for what is not MQTT', async () => {
    const broker = scriptedBroker();
    await broker.expectNothing();
    const client = await connectTo(broker);
    await expect(broker.expectNothing()).rejects.toThrow('there is a new connection');
    await broker.accept();
    client.connection.write(Uint8Array.of(0xf1, 0x00));
    await expect(broker.expectNothing()).rejects.toThrow('not MQTT');
  });
});

describe('connections', () => {
  test('the next CONNECT may come on the next connection, when the last one was cut or closed', async () => {
    const broker = scriptedBroker();
    const first = await connectTo(broker);
    first.send(connectPacket('first'));
    await broker.acceptConnection();
    broker.cut();
    const second = await connectTo(broker);
    second.send(connectPacket('second'));
    await broker.acceptConnection({ connect: { clientId: 'second' } });
    await broker.close();
    const third = await connectTo(broker);
    third.send(connectPacket('third'));
    await broker.expect('connect', { clientId: 'third' });
    expect([first.ends, second.ends, third.ends]).toEqual([['connection-lost'], ['in order'], []]);
    expect(broker.received.map(({ connection }) => connection)).toEqual([1, 2, 3]);
  });

  test('a connection that was accepted by hand can be disturbed before anything arrives', async () => {
    const broker = scriptedBroker();
    const client = await connectTo(broker);
    client.send(connectPacket('x'));
    const link = await broker.accept();
    link.cutAfter(5, 'to-server');
    await broker.expectClosed();
    expect([link, broker.received, link.carried('to-server')]).toEqual([broker.link, [], 5]);
  });

  test('expectClosed fails when a packet comes before the end, and waits for the end', async () => {
    const broker = scriptedBroker();
    const client = await connectTo(broker);
    client.send(connectPacket('x'));
    await broker.acceptConnection();
    client.send({ type: 'pingreq' });
    await expect(broker.expectClosed()).rejects.toThrow('Expected the end of the connection, but there came');
    await broker.expect('pingreq');
    const closed = broker.expectClosed();
    void client.connection.close();
    await closed;
  });
});

test('packets are dated by the clock of the broker', async () => {
  const clock = fakeClock(1000);
  const broker = scriptedBroker({ clock, transport: memoryTransport({ clock, latencyMs: 5 }) });
  const connecting = connectTo(broker);
  await clock.settle(10);
  const client = await connecting;
  client.send(connectPacket('x'));
  const accepted = broker.acceptConnection();
  await clock.settle(5);
  await accepted;
  expect(broker.received).toMatchObject([{ at: 1015, connection: 1, packet: { type: 'connect' } }]);
});

test('any bytes can be sent, and the dialogue shows them', async () => {
  const broker = scriptedBroker();
  const client = await connectTo(broker);
  client.send(connectPacket('x'));
  await broker.expect('connect');
  broker.sendBytes([0xd0]);
  broker.sendBytes(Uint8Array.of(0x00));
  await broker.expectNothing();
  expect(client.packets).toEqual([{ type: 'pingresp' }]);
  expect(broker.dialogue.split('\n')).toEqual([
    'connection 1 is there',
    'client → { type: "connect", version: "5.0", clientId: "x", cleanStart: true, keepAliveSeconds: 60 }',
    'broker → bytes d0',
    'broker → bytes 00',
  ]);
});

test('nothing can be sent as a packet while the version is not known', async () => {
  const broker = scriptedBroker();
  await connectTo(broker);
  await broker.accept();
  expect(() => broker.send(puback)).toThrow('The version is not known before the CONNECT');
});
