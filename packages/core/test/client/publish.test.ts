import { describe, expect, test } from 'vitest';
import { codeOf, connect, connected, newBench, watch } from './bench.ts';

interface Unacceptable {
  readonly what: string;
  readonly topic: string;
  readonly options: object;
  readonly code: string;
}

const unacceptable: readonly Unacceptable[] = [
  { what: 'an empty topic', topic: '', options: {}, code: 'invalid-topic' },
  { what: 'a wildcard in the topic', topic: 'a/+', options: {}, code: 'invalid-topic' },
  { what: 'a NUL in the topic', topic: 'a\0', options: {}, code: 'invalid-topic' },
  { what: 'a topic that is too long', topic: 'x'.repeat(65_536), options: {}, code: 'invalid-topic' },
  { what: 'a QoS that does not exist', topic: 'a', options: { qos: 3 }, code: 'invalid-option' },
  {
    what: 'an alias that a repetition could not use',
    topic: 'a',
    options: { qos: 1, alias: 'always' },
    code: 'invalid-option',
  },
  { what: 'an alias by hand', topic: 'a', options: { properties: { topicAlias: 1 } }, code: 'invalid-option' },
  {
    what: 'a subscription identifier',
    topic: 'a',
    options: { properties: { subscriptionIdentifiers: [1] } },
    code: 'invalid-option',
  },
  {
    what: 'a response topic with a wildcard',
    topic: 'a',
    options: { properties: { responseTopic: '#' } },
    code: 'invalid-option',
  },
  {
    what: 'an expiry that is none',
    topic: 'a',
    options: { properties: { messageExpirySeconds: -1 } },
    code: 'invalid-option',
  },
];

describe('a receipt', () => {
  test('of QoS 0 comes when the message is handed over [parity O6, Z11]', async () => {
    const { client, broker } = await connected();
    const receipt = await client.publish('a', 'x');
    expect(receipt).toEqual({ qos: 0, reasonCode: 0, hadSubscribers: true, userProperties: [] });
    await broker.expect('publish', { qos: 0, payload: 'x', topic: 'a', packetId: undefined });
  });

  test('of QoS 1 comes with PUBACK, and says what that says [parity O6, O14, Z11]', async () => {
    const { client, broker } = await connected();
    const receipt = client.publish('a', new Uint8Array([1]), { qos: 1, retain: true });
    const { packetId = 0 } = await broker.expect('publish', { qos: 1, retain: true });
    const properties = {
      reasonString: 'fine',
      userProperties: [
        ['k', 'v'],
        ['k', 'w'],
      ] as const,
    };
    broker.send({ type: 'puback', packetId, reasonCode: 0, properties });
    expect(await receipt).toEqual({ qos: 1, reasonCode: 0, hadSubscribers: true, ...properties });
  });

  test('of QoS 2 comes with PUBCOMP [parity O6, Z11]', async () => {
    const { client, broker, clock } = await connected();
    const receipt = watch(client.publish('a', new ArrayBuffer(2), { qos: 2 }));
    const { packetId = 0 } = await broker.expect('publish', { qos: 2, payload: new Uint8Array(2) });
    broker.send({ type: 'pubrec', packetId, reasonCode: 0 });
    await broker.expect('pubrel', { packetId });
    await clock.settle();
    expect(receipt.state).toBe('pending');
    broker.send({ type: 'pubcomp', packetId, reasonCode: 0 });
    await clock.settle();
    expect(receipt.value).toMatchObject({ qos: 2, reasonCode: 0 });
  });

  test('says that nobody is subscribed (0x10) [parity Z12, E15]', async () => {
    const { client, broker } = await connected();
    const receipt = client.publish('a', '', { qos: 1 });
    const { packetId = 0 } = await broker.expect('publish');
    broker.send({ type: 'puback', packetId, reasonCode: 0x10 });
    expect(await receipt).toMatchObject({ reasonCode: 0x10, hadSubscribers: false });
  });

  test('of QoS 2 says so too, since PUBREC did [parity Z12, E15]', async () => {
    const { client, broker } = await connected();
    const receipt = client.publish('a', '', { qos: 2 });
    const { packetId = 0 } = await broker.expect('publish');
    const first = { reasonString: 'nobody', userProperties: [['rec', '1']] as const };
    broker.send({ type: 'pubrec', packetId, reasonCode: 0x10, properties: first });
    await broker.expect('pubrel', { packetId });
    broker.send({ type: 'pubcomp', packetId, reasonCode: 0, properties: { userProperties: [['comp', '2']] } });
    expect(await receipt).toEqual({
      qos: 2,
      reasonCode: 0x10,
      hadSubscribers: false,
      reasonString: 'nobody',
      userProperties: [
        ['rec', '1'],
        ['comp', '2'],
      ],
    });
  });

  test.each([1, 2] as const)(
    'is an error with the reason when QoS %i is refused [parity Z9, Z12, B24]',
    async (qos) => {
      const { client, broker } = await connected();
      const receipt = client.publish('a/b', '', { qos });
      const { packetId = 0 } = await broker.expect('publish');
      const properties = { reasonString: 'no', userProperties: [['a', 'b']] as const };
      broker.send({ type: qos === 1 ? 'puback' : 'pubrec', packetId, reasonCode: 0x97, properties });
      await expect(receipt).rejects.toMatchObject({
        code: 'publish-refused',
        topic: 'a/b',
        reasonCode: 0x97,
        ...properties,
      });
      expect(client.counts).toMatchObject({ inFlight: 0, packetIds: 0, operations: 0 });
    },
  );
});

describe('a message is refused before an id is taken or a byte is sent', () => {
  test.each(unacceptable)('for $what [parity O6, Z11, E24, E25, B2]', async ({ topic, options, code }) => {
    const { client, broker } = await connected();
    expect(await codeOf(client.publish(topic, 'x', options))).toBe(code);
    expect(await codeOf(client.enqueue(topic, 'x', { qos: 1, ...options }))).toBe(code);
    await broker.expectNothing();
    expect(client.counts).toMatchObject({ packetIds: 0, operations: 0 });
  });

  test.each([5, undefined, null, {}, [1]])('for a payload of %j', async (payload) => {
    const { client } = newBench();
    expect(await codeOf(client.publish('a', payload as string, { qos: 1 }))).toBe('invalid-option');
  });

  test.each([
    [{ maximumQoS: 1 }, { qos: 2 }, 'qos'],
    [{ maximumQoS: 0 }, { qos: 1 }, 'qos'],
    [{ retainAvailable: false }, { retain: true }, 'retain'],
    [{ maximumPacketBytes: 20 }, { qos: 1, properties: { contentType: 'text/plain' } }, 'packet-size'],
    [{ maximumPacketBytes: 19 }, { qos: 0, properties: { contentType: 'text/plain' } }, 'packet-size'],
    [{}, { alias: 'always' }, 'topic-alias'],
  ] as const)('where the server said %j [parity Z16, P7]', async (properties, options, limit) => {
    const { client, broker } = await connected({}, { properties });
    await expect(client.publish('a', 'x', options)).rejects.toMatchObject({ code: 'server-limit', limit });
    await broker.expectNothing();
    expect(client.counts).toMatchObject({ packetIds: 0, waitingMessages: 0 });
  });
});

describe('what waited for a connection', () => {
  test('is held to the limits of the server that it meets [parity Z16]', async () => {
    const bench = newBench();
    const { client, broker } = bench;
    const codes = [
      codeOf(client.publish('a', 'x', { qos: 2 })),
      codeOf(client.publish('a', 'x', { qos: 1, retain: true })),
      codeOf(client.publish('a', 'x'.repeat(100), { qos: 1 })),
      codeOf(client.publish('a', 'last', { qos: 1 })),
    ];
    await connect(bench, { properties: { maximumQoS: 1, retainAvailable: false, maximumPacketBytes: 50 } });
    const { packetId = 0 } = await broker.expect('publish', { payload: 'last' });
    broker.send({ type: 'puback', packetId, reasonCode: 0 });
    expect(await Promise.all(codes)).toEqual(['server-limit', 'server-limit', 'server-limit', 'resolved']);
  });

  test('expires there, or goes out with the time that is left [parity E23]', async () => {
    const bench = newBench();
    const { client, clock, broker } = bench;
    const soon = watch(client.publish('a', 'soon', { qos: 1, properties: { messageExpirySeconds: 10 } }));
    client.publish('a', 'late', { qos: 1, properties: { messageExpirySeconds: 60 } }).catch(() => undefined);
    await clock.settle(9999);
    expect(soon.state).toBe('pending');
    await clock.settle(1);
    expect(soon.error?.code).toBe('message-expired');
    await connect(bench);
    expect(await broker.expect('publish', { payload: 'late' })).toMatchObject({
      properties: { messageExpirySeconds: 50 },
    });
  });

  test('expires so long after its own call, however long the turn of calls before it took [parity E23]', async () => {
    const { client, clock, broker } = await connected({}, { properties: { receiveMaximum: 1 } });
    client.publish('a', 'first', { qos: 1 }).catch(() => undefined);
    clock.advance(9000);
    const second = watch(client.publish('a', 'second', { qos: 1, properties: { messageExpirySeconds: 10 } }));
    await broker.expect('publish', { payload: 'first' });
    await clock.settle(9999);
    expect(second.state).toBe('pending');
    await clock.settle(1);
    expect(second.error?.code).toBe('message-expired');
  });

  test('leaves in the order in which it came [parity E21]', async () => {
    const bench = newBench();
    const { client, broker } = bench;
    for (const [index, qos] of ([1, 1, 2, 1, 2] as const).entries()) {
      client.publish('a', `${index}`, { qos }).catch(() => undefined);
    }
    await connect(bench);
    for (const payload of ['0', '1', '2', '3', '4']) expect(await broker.expect('publish', { payload })).toBeDefined();
  });
});

describe('a default for every message', () => {
  test('is part of it, and gives way to what the message says itself', async () => {
    const properties = { contentType: 'text/plain', messageExpirySeconds: 60 };
    const { client, broker } = await connected({ publish: { properties } });
    await client.publish('a', 'x');
    await broker.expect('publish', { properties });
    await client.publish('a', 'x', { properties: { contentType: 'text/html' } });
    const { properties: given } = await broker.expect('publish');
    expect(given).toEqual({ contentType: 'text/html', messageExpirySeconds: 60 });
  });
});

describe('a topic alias', () => {
  test('is used where it is asked for and allowed, and the topic is sent in full once [parity Z35, E25]', async () => {
    const { client, broker } = await connected({}, { properties: { topicAliasMaximum: 1 } });
    for (let count = 0; count < 2; count += 1) await client.publish('long/topic', 'x', { alias: 'try' });
    await broker.expect('publish', { topic: 'long/topic', properties: { topicAlias: 1 } });
    await broker.expect('publish', { topic: '', properties: { topicAlias: 1 } });
    await client.publish('other', 'x', { alias: 'try' });
    expect(await broker.expect('publish')).toMatchObject({ topic: 'other', properties: { topicAlias: 1 } });
  });

  test('is not used where the server has none [parity E25, B14]', async () => {
    const { client, broker } = await connected();
    await client.publish('long/topic', 'x', { alias: 'try' });
    expect(await broker.expect('publish')).toMatchObject({ topic: 'long/topic' });
  });

  test('dies with the connection [parity Z35]', async () => {
    const { client, broker, clock } = await connected({}, { properties: { topicAliasMaximum: 5 } });
    await client.publish('a', 'x', { alias: 'try' });
    await broker.expect('publish');
    broker.cut();
    await clock.settle(500);
    await broker.acceptConnection({ properties: { topicAliasMaximum: 5 } });
    await client.publish('a', 'x', { alias: 'try' });
    expect(await broker.expect('publish')).toMatchObject({ topic: 'a', properties: { topicAlias: 1 } });
  });
});
