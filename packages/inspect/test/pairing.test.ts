import { describe, expect, test } from 'vitest';
import { legsOf, type Exchange } from '../src/index.ts';
import { bytesOf } from '../src/platform-text.ts';
import { tell } from './conversation.ts';
import {
  ack,
  client,
  close,
  connack,
  connect,
  connected,
  on,
  publish,
  server,
  suback,
  subscribe,
  unsuback,
  unsubscribe,
  wait,
} from './packets.ts';

const lasting = { cleanStart: false, properties: { sessionExpirySeconds: 3600 } } as const;

function typesOf(exchange: Exchange | undefined): readonly string[] {
  return exchange?.steps.map(({ type }) => type) ?? [];
}

describe('packets that belong together have the same exchange', () => {
  test('CONNECT and CONNACK', () => {
    const { records } = tell(connected);
    expect(records[0]?.pair).toBe(records[1]?.pair);
    expect(records[0]?.pair).toMatchObject({ kind: 'connect', status: 'done', roundTripMs: 1 });
  });

  test('all four of QoS 2, with the time of each leg', () => {
    const { records } = tell([
      ...connected,
      client(publish({ qos: 2 })),
      wait(4),
      server(ack('pubrec', 1)),
      wait(9),
      client(ack('pubrel', 1)),
      server(ack('pubcomp', 1)),
    ]);
    const { pair } = records[2] ?? {};
    expect(typesOf(pair)).toEqual(['publish', 'pubrec', 'pubrel', 'pubcomp']);
    expect(pair && legsOf(pair)).toEqual([
      { type: 'pubrec', milliseconds: 5 },
      { type: 'pubrel', milliseconds: 10 },
      { type: 'pubcomp', milliseconds: 1 },
    ]);
    expect(pair).toMatchObject({ status: 'done', roundTripMs: 16 });
  });

  test('SUBSCRIBE, UNSUBSCRIBE and PINGREQ with their answers', () => {
    const { records } = tell([
      ...connected,
      client(subscribe({}, 1)),
      client('c000'),
      client(unsubscribe('b', 2)),
      server(unsuback(2, [0x11])),
      server('d000'),
      server(suback(1, [0x87])),
    ]);
    const [subscribing, pinging, unsubscribing] = records.slice(2, 5);
    expect(typesOf(subscribing?.pair)).toEqual(['subscribe', 'suback']);
    expect(subscribing?.pair?.status).toBe('refused');
    expect(typesOf(pinging?.pair)).toEqual(['pingreq', 'pingresp']);
    expect(typesOf(unsubscribing?.pair)).toEqual(['unsubscribe', 'unsuback']);
  });

  test('the same identifier in the two directions is two exchanges', () => {
    const { records } = tell([
      ...connected,
      client(subscribe({ qos: 1 }, 9)),
      server(suback(9, [1])),
      client(publish({ qos: 1 })),
      server(publish({ qos: 1 })),
      client(ack('puback', 1)),
      server(ack('puback', 1)),
    ]);
    const [mine, theirs] = records.slice(4, 6);
    expect(mine?.pair).not.toBe(theirs?.pair);
    expect([mine?.pair?.status, theirs?.pair?.status]).toEqual(['done', 'done']);
  });

  test('a request and its response, by response topic and correlation data', () => {
    const correlationData = bytesOf('17');
    const { records } = tell([
      ...connected,
      client(subscribe({ filter: 'answers' }, 9)),
      server(suback(9)),
      client(publish({ properties: { responseTopic: 'answers', correlationData } })),
      wait(30),
      server(publish({ topic: 'answers', properties: { correlationData: bytesOf('16') } })),
      server(publish({ topic: 'answers', properties: { correlationData } })),
    ]);
    const [request, foreign, response] = records.slice(4);
    expect(request?.request).toMatchObject({ kind: 'request', status: 'done', roundTripMs: 32 });
    expect(response?.request).toBe(request?.request);
    expect(foreign?.request).toBeUndefined();
  });
});

describe('the session outlives its connection', () => {
  const interrupted = [
    connect({ ...lasting, cleanStart: true }),
    connack(),
    client(publish({ qos: 1 })),
    close(),
    on('two'),
  ];

  test('an exchange goes on when the session is resumed', () => {
    const { records, inspection } = tell([
      ...interrupted,
      connect(lasting),
      connack({ sessionPresent: true }),
      client(publish({ qos: 1, dup: true })),
      server(ack('puback', 1)),
    ]);
    expect(typesOf(records[2]?.pair)).toEqual(['publish', 'publish', 'puback']);
    expect(records[5]?.marks).toEqual(['redelivery']);
    expect(inspection.takeChanged().map(({ number }) => number)).toContain(3);
  });

  test('and is lost when it is not', () => {
    const { records } = tell([...interrupted, connect(), connack()]);
    expect(records[2]?.pair?.status).toBe('lost');
  });
});

test('a connection tells its limits, subscriptions, aliases and identifiers in flight', () => {
  const { inspection, records } = tell([
    connect({ properties: { receiveMaximum: 5 } }),
    connack({ properties: { topicAliasMaximum: 3, serverKeepAliveSeconds: 7 } }),
    client(subscribe({ filter: 'a/#', qos: 2 }, 4)),
    server(suback(4, [1])),
    client(publish({ topic: 'a/b', properties: { topicAlias: 3 } })),
    client(publish({ topic: '', qos: 2, packetId: 8, properties: { topicAlias: 3 } })),
  ]);
  expect(records.at(-1)?.topic).toBe('a/b');
  expect(inspection.connection('one')).toMatchObject({
    clientId: 'c',
    version: '5.0',
    keepAliveSeconds: 7,
    receiveMaximum: { c2s: 65_535, s2c: 5 },
    subscriptions: [{ filter: 'a/#', isGranted: true }],
    aliases: { c2s: [[3, 'a/b']], s2c: [] },
    inFlight: { c2s: [{ packetId: 8, phase: 'published', topic: 'a/b', number: 6 }], s2c: [] },
    ending: undefined,
  });
});

test('how a connection ended is one sentence', () => {
  const { inspection } = tell([
    ...connected,
    close('server'),
    on('two'),
    connect(),
    connack({ reasonCode: 0x87 }),
    on('three'),
    ...connected,
    client('e000'),
  ]);
  expect(inspection.connections().map(({ ending }) => ending)).toEqual([
    'the server closed the connection without DISCONNECT',
    'the server refused the connection: Not authorized',
    'the client sent DISCONNECT (packet 7)',
  ]);
});

describe('nothing grows without bound', () => {
  test('past its limits the store drops the oldest records and counts them', () => {
    const pings = Array.from({ length: 100 }, () => [client('c000'), server('d000')]).flat();
    const { inspection } = tell([...connected, ...pings], { limits: { maximumRecords: 10 } });
    expect(inspection.records.length).toBe(10);
    expect(inspection.records.dropped).toBe(192);
    expect(inspection.records.get(202)?.type).toBe('pingresp');
    expect(inspection.records.get(192)).toBeUndefined();
    expect(inspection.records.slice(0, 2).map(({ number }) => number)).toEqual([193, 194]);
  });

  test('exchanges beyond the limit are not followed, and nothing is said about them', () => {
    const messages = Array.from({ length: 20 }, (_, index) => client(publish({ qos: 1, packetId: index + 1 })));
    const acks = Array.from({ length: 20 }, (_, index) => server(ack('puback', index + 1)));
    const { records } = tell([...connected, ...messages, ...acks], { limits: { maximumOpenExchanges: 5 } });
    expect(records.flatMap(({ findings }) => findings)).toEqual([]);
    expect(records.filter(({ pair }) => pair?.kind === 'publish')).toHaveLength(10);
  });

  test('connections beyond the limit are forgotten, closed ones first', () => {
    const steps = ['one', 'two', 'three'].flatMap((id) => [on(id), ...connected, ...(id === 'two' ? [close()] : [])]);
    const { inspection } = tell(steps, { limits: { maximumConnections: 2 } });
    expect(inspection.connections().map(({ id }) => id)).toEqual(['one', 'three']);
  });
});
