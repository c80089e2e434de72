import { encode } from '@omqtt/codec';
import { fakeClock } from '@omqtt/testkit';
import { expect, test } from 'vitest';
import { startBroker } from '../src/index.ts';
import { bytesOf, connect, connectPacket, dial } from './raw-client.ts';

const versions = ['5.0', '3.1.1'] as const;
const will = { topic: 'will', payload: bytesOf('gone'), qos: 2, retain: true } as const;

/** `level`: 3 is that of MQTT 3.1, 6 that of a version to come. */
function connectOfLevel(level: number, name: string = 'MQTT'): number[] {
  return [0x10, 8 + name.length, 0, name.length, ...bytesOf(name), level, 2, 0, 0, 0, 0];
}

test.each([3, 6])(
  '[5.0 MQTT-3.1.2-2] [3.1.1 MQTT-3.1.2-2, MQTT-3.2.2-5] a CONNECT of protocol level %i gets return code 1, and the connection ends',
  async (level) => {
    await using broker = await startBroker({ listeners: [] });
    const client = await dial(broker, '3.1.1');
    client.sendBytes(connectOfLevel(level));
    await client.ended();
    expect(client.chunks.map((chunk) => [...chunk])).toEqual([[0x20, 2, 0, 1]]);
  },
);

test('[5.0 MQTT-3.1.2-1] [3.1.1 MQTT-3.1.2-1] a CONNECT of another protocol is not processed', async () => {
  await using broker = await startBroker({ listeners: [] });
  const client = await dial(broker);
  client.sendBytes(connectOfLevel(5, 'MQIsdp'));
  expect(await client.ended()).toEqual([]);
  expect(broker.sessions).toEqual([]);
});

test('[5.0 MQTT-3.1.2-3, MQTT-3.1.4-1, MQTT-3.2.2-7] a malformed CONNECT of 5.0 gets CONNACK 0x81, and the connection ends', async () => {
  await using broker = await startBroker({ listeners: [] });
  const client = await dial(broker);
  const bytes = encode(connectPacket(), '5.0');
  bytes[9] = 3; // the connect flags, with the reserved bit
  client.sendBytes(bytes);
  expect(await client.ended()).toMatchObject([{ type: 'connack', reasonCode: 0x81, sessionPresent: false }]);
});

test('[3.1.1 MQTT-3.1.2-3, MQTT-3.1.4-1] a malformed CONNECT of 3.1.1 gets no CONNACK', async () => {
  await using broker = await startBroker({ listeners: [] });
  const client = await dial(broker, '3.1.1');
  const bytes = encode(connectPacket({ version: '3.1.1' }), '3.1.1');
  bytes[9] = 3; // the connect flags, with the reserved bit
  client.sendBytes(bytes);
  expect(await client.ended()).toEqual([]);
});

test.each(versions)('in %s a connection whose first packet is not CONNECT ends without a word', async (version) => {
  await using broker = await startBroker({ listeners: [] });
  const client = await dial(broker, version);
  client.send({ type: 'pingreq' });
  expect(await client.ended()).toEqual([]);
});

test('[5.0 MQTT-3.1.0-2, MQTT-3.2.0-2, MQTT-3.14.4-1, MQTT-3.14.4-2] a second CONNECT is a protocol error: one DISCONNECT, and nothing behind it', async () => {
  await using broker = await startBroker({ listeners: [] });
  const client = await connect(broker);
  client.sendBytes([...encode(connectPacket(), '5.0'), 0xc0, 0]);
  expect(await client.ended()).toMatchObject([{ type: 'disconnect', reasonCode: 0x82 }]);
});

test('[3.1.1 MQTT-3.1.0-2, MQTT-4.8.0-1] in 3.1.1 a second CONNECT ends the connection', async () => {
  await using broker = await startBroker({ listeners: [] });
  const client = await connect(broker, { version: '3.1.1' });
  client.send(connectPacket({ version: '3.1.1' }));
  expect(await client.ended()).toEqual([]);
});

test.each(versions)(
  '[5.0 MQTT-3.1.3-5] [3.1.1 MQTT-3.1.3-5] in %s client ids of 1 to 23 letters and digits are accepted, and longer ones too',
  async (version) => {
    await using broker = await startBroker({ listeners: [] });
    const ids = ['a', '0123456789abcdefghijkLM', 'Ω'.repeat(500)];
    for (const clientId of ids) await connect(broker, { version, clientId });
    expect(broker.clients.map(({ clientId }) => clientId)).toEqual(ids);
  },
);

test('[5.0 MQTT-3.1.3-8, MQTT-3.1.4-2, MQTT-3.2.2-6, MQTT-3.2.2-8, MQTT-3.1.4-6, MQTT-3.14.0-1, MQTT-4.13.2-1] a client that is refused gets the code alone, and nothing else of it is processed', async () => {
  await using broker = await startBroker({
    listeners: [],
    authenticate: ({ clientId }) => (clientId === 'bad' ? { reasonCode: 0x85, reasonString: 'no' } : true),
  });
  const client = await dial(broker);
  client.send(connectPacket({ clientId: 'bad' }));
  client.publish('a', 'x', { retain: true });
  expect(await client.ended()).toMatchObject([
    { type: 'connack', reasonCode: 0x85, sessionPresent: false, properties: { reasonString: 'no' } },
  ]);
  expect(broker.retained).toEqual([]);
  expect(broker.counters.connectionsRefused).toBe(1);
});

test.each([
  { reasonCode: 0x84, returnCode: 1 },
  { reasonCode: 0x85, returnCode: 2 },
  { reasonCode: 0x88, returnCode: 3 },
  { reasonCode: 0x86, returnCode: 4 },
  { reasonCode: 0x87, returnCode: 5 },
  { reasonCode: 0x97, returnCode: 3 },
  { reasonCode: 0x8a, returnCode: 5 },
])(
  '[3.1.1 MQTT-3.1.4-5, MQTT-3.2.2-4, MQTT-3.2.2-5, MQTT-3.1.3-9] in 3.1.1 a refusal with $reasonCode is return code $returnCode with Session Present 0, and nothing more is processed',
  async ({ reasonCode, returnCode }) => {
    await using broker = await startBroker({ listeners: [] });
    broker.refuse({ reasonCode });
    const client = await dial(broker, '3.1.1');
    client.send(connectPacket({ version: '3.1.1' }));
    client.publish('a', 'x', { retain: true });
    await client.ended();
    expect(client.chunks.map((chunk) => [...chunk])).toEqual([[0x20, 2, 0, returnCode]]);
    expect(broker.retained).toEqual([]);
  },
);

test('[3.1.1 MQTT-3.2.2-6] in 3.1.1 a refusal for which there is no return code ends the connection without CONNACK', async () => {
  await using broker = await startBroker({ listeners: [] });
  broker.refuse({ reasonCode: 0x9c });
  const client = await dial(broker, '3.1.1');
  client.send(connectPacket({ version: '3.1.1' }));
  expect(await client.ended()).toEqual([]);
});

test('[5.0 MQTT-3.2.2-1, MQTT-3.2.2-22] CONNACK says what the broker does and no more: here, its largest packet and its aliases', async () => {
  await using broker = await startBroker({ listeners: [] });
  const client = await dial(broker);
  client.send(connectPacket({ keepAliveSeconds: 17 }));
  expect(await client.next('connack')).toEqual({
    type: 'connack',
    sessionPresent: false,
    reasonCode: 0,
    properties: { maximumPacketBytes: 16_777_216, topicAliasMaximum: 64 },
  });
  expect(client.chunks[0]?.[2]).toBe(0); // the flags
});

test('[5.0 MQTT-3.2.2-9] CONNACK announces every limit', async () => {
  const limits = {
    maximumQoS: 1,
    retainAvailable: false,
    receiveMaximum: 7,
    maximumPacketBytes: 1000,
    topicAliasMaximum: 3,
    sessionExpirySeconds: 30,
    serverKeepAliveSeconds: 5,
    wildcardSubscriptions: false,
    sharedSubscriptions: false,
    subscriptionIdentifiers: false,
  } as const;
  await using broker = await startBroker({ listeners: [], limits });
  const client = await dial(broker);
  client.send(connectPacket({ properties: { sessionExpirySeconds: 31 } }));
  expect((await client.next('connack')).properties).toEqual({
    maximumQoS: 1,
    retainAvailable: false,
    receiveMaximum: 7,
    maximumPacketBytes: 1000,
    topicAliasMaximum: 3,
    sessionExpirySeconds: 30,
    serverKeepAliveSeconds: 5,
    wildcardSubscriptionAvailable: false,
    sharedSubscriptionAvailable: false,
    subscriptionIdentifierAvailable: false,
  });
});

test.each([
  { limits: { maximumQoS: 1 }, reasonCode: 0x9b },
  { limits: { retainAvailable: false }, reasonCode: 0x9a },
] as const)(
  '[5.0 MQTT-3.2.2-12, MQTT-3.2.2-13] a will that the broker could not publish as asked is refused with $reasonCode',
  async ({ limits, reasonCode }) => {
    await using broker = await startBroker({ listeners: [], limits });
    const client = await dial(broker);
    client.send(connectPacket({ will }));
    expect(await client.next('connack')).toMatchObject({ reasonCode });
    await client.ended();
  },
);

test('[5.0 MQTT-3.2.2-19, MQTT-3.2.2-20] what makes CONNACK too large for the client is left out', async () => {
  await using broker = await startBroker({ listeners: [] });
  broker.refuse({ reasonCode: 0x89, reasonString: 'long'.repeat(100), userProperties: [['a', 'b']], times: 2 });
  const small = await dial(broker);
  small.send(connectPacket({ properties: { maximumPacketBytes: 20 } }));
  expect(await small.next('connack')).toEqual({ type: 'connack', sessionPresent: false, reasonCode: 0x89 });
  const large = await dial(broker);
  large.send(connectPacket());
  expect((await large.next('connack')).properties).toMatchObject({ userProperties: [['a', 'b']] });
});

test.each([undefined, false, true])(
  '[5.0 MQTT-3.1.2-28] no Response Information is sent, whether it was asked for (%s) or not',
  async (requestResponseInformation) => {
    await using broker = await startBroker({ listeners: [] });
    const client = await dial(broker);
    client.send(
      connectPacket({ properties: requestResponseInformation === undefined ? {} : { requestResponseInformation } }),
    );
    expect((await client.next('connack')).properties?.responseInformation).toBeUndefined();
  },
);

test('a connection over the limit is refused with 0x97, and may come back when another has gone', async () => {
  await using broker = await startBroker({ listeners: [], limits: { connections: 1 } });
  const first = await connect(broker, { clientId: 'first' });
  const second = await dial(broker);
  second.send(connectPacket({ clientId: 'second' }));
  expect(await second.next('connack')).toMatchObject({ reasonCode: 0x97 });
  await connect(broker, { clientId: 'first' });
  await first.ended();
  broker.cut('first');
  await connect(broker, { clientId: 'second' });
});

test('who does not send a CONNECT in time is gone', async () => {
  const clock = fakeClock();
  await using broker = await startBroker({ listeners: [], clock, limits: { connectTimeoutSeconds: 3 } });
  const client = await dial(broker);
  clock.advance(2999);
  expect(client.isClosed).toBe(false);
  clock.advance(1);
  expect(await client.ended()).toEqual([]);
});

test('an authenticate hook sees the credentials, may take its time, and packets wait for it', async () => {
  await using broker = await startBroker({
    listeners: [],
    authenticate: ({ username, password }) =>
      Promise.resolve(username === 'ann' && new TextDecoder().decode(password) === 'secret'),
  });
  const good = await dial(broker);
  good.send(connectPacket({ clientId: 'good', username: 'ann', password: bytesOf('secret') }));
  good.publish('a', 'x', { retain: true });
  expect(await good.next('connack')).toMatchObject({ reasonCode: 0 });
  await good.settled();
  expect(broker.retained).toHaveLength(1);
  const bad = await dial(broker);
  bad.send(connectPacket({ username: 'ann', password: bytesOf('wrong') }));
  expect(await bad.next('connack')).toMatchObject({ reasonCode: 0x86 });
});

test('a hook that throws refuses with 0x80, is reported, and harms nobody else', async () => {
  const errors: unknown[] = [];
  await using broker = await startBroker({
    listeners: [],
    onError: (error) => errors.push(error),
    authenticate: ({ clientId }) => {
      if (clientId === 'bad') throw new Error('boom');
      return clientId === 'worse' ? Promise.reject(new Error('bang')) : true;
    },
  });
  const other = await connect(broker, { clientId: 'good' });
  for (const clientId of ['bad', 'worse']) {
    const client = await dial(broker);
    client.send(connectPacket({ clientId }));
    expect(await client.next('connack')).toMatchObject({ reasonCode: 0x80 });
  }
  expect(errors.map(String)).toEqual(['Error: boom', 'Error: bang']);
  expect(await other.settled()).toEqual([]);
});
