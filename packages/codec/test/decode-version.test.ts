import { describe, expect, test } from 'vitest';

import { MalformedPacketError, PacketStream } from '../src/index.ts';
import { allVectors } from './vectors/all.ts';
import { octets, type Field } from './vectors/vector.ts';

const connect5: readonly Field[] = [
  [0x10, 0x0e], // CONNECT, 14 bytes follow
  [0x00, 0x04, 'MQTT', 0x05], // protocol name and version 5
  [0x02, 0x00, 0x00], // clean start, keep alive off
  [0x00], // no properties
  [0x00, 0x01, 'c'], // client id
];
const connect311: readonly Field[] = [
  [0x10, 0x0d], // CONNECT, 13 bytes follow
  [0x00, 0x04, 'MQTT', 0x04], // protocol name and level 4
  [0x02, 0x00, 0x00], // clean session, keep alive off
  [0x00, 0x01, 'c'], // client id
];

function refusalBy(stream: PacketStream, bytes: Uint8Array): unknown {
  try {
    return stream.push(bytes);
  } catch (error) {
    if (!(error instanceof MalformedPacketError)) throw error;
    const { problem, reasonCode, statement } = error;
    return { problem, reasonCode, statement };
  }
}

describe('a stream that is to find out the version', () => {
  test.each([
    { version: '5.0', connect: connect5, options: [0x1c] },
    { version: '3.1.1', connect: connect311, options: [0x00] },
  ] as const)('reads $version from the CONNECT, and what follows in that version', ({ version, connect, options }) => {
    const stream = new PacketStream({ version: 'auto', role: 'server' });
    expect(stream.version).toBe('auto');
    const subscribe: readonly Field[] =
      version === '5.0'
        ? [[0x82, 0x07], [0x00, 0x01], [0x00], [0x00, 0x01, 't'], options]
        : [[0x82, 0x06], [0x00, 0x01], [0x00, 0x01, 't'], options];
    const packets = stream.push(octets([...connect, ...subscribe]));
    expect(stream.version).toBe(version);
    expect(packets).toMatchObject([
      { type: 'connect', version },
      { type: 'subscribe', subscriptions: [{ filter: 't', noLocal: version === '5.0' }] },
    ]);
  });

  const others = allVectors.filter(({ packet }) => packet.type !== 'connect');
  test.each(others)('refuses to begin with $title ($version)', ({ bytes }) => {
    expect(refusalBy(new PacketStream({ version: 'auto' }), bytes)).toStrictEqual({
      problem: 'wrong-direction',
      reasonCode: 0x82,
      statement: 'MQTT-3.1.0-1',
    });
  });

  test.each([
    {
      what: 'MQTT 3.1',
      fields: [
        [0x10, 0x0f],
        [0x00, 0x06, 'MQIsdp', 0x03],
        [0x02, 0x00, 0x00],
        [0x00, 0x01, 'c'],
      ],
    },
    {
      what: 'level 6',
      fields: [
        [0x10, 0x0d],
        [0x00, 0x04, 'MQTT', 0x06],
        [0x02, 0x00, 0x00],
        [0x00, 0x01, 'c'],
      ],
    },
    {
      what: 'HTTP',
      fields: [
        [0x10, 0x0d],
        [0x00, 0x04, 'HTTP', 0x05],
        [0x02, 0x00, 0x00],
        [0x00, 0x01, 'c'],
      ],
    },
  ])('[5.0 MQTT-3.1.2-1] [3.1.1 MQTT-3.1.2-1, MQTT-3.1.2-2] refuses $what', ({ fields }) => {
    const stream = new PacketStream({ version: 'auto', role: 'server' });
    expect(refusalBy(stream, octets(fields))).toMatchObject({ problem: 'unsupported-protocol', reasonCode: 0x84 });
    expect(stream.version).toBe('auto');
  });

  test('keeps to the version once it is known', () => {
    const stream = new PacketStream({ version: 'auto', role: 'server' });
    stream.push(octets(connect311));
    expect(refusalBy(stream, octets(connect5))).toMatchObject({ problem: 'unsupported-protocol' });
  });
});

describe('a stream that knows the version', () => {
  test.each([
    { version: '5.0', connect: connect311 },
    { version: '3.1.1', connect: connect5 },
  ] as const)('refuses a CONNECT of another than $version', ({ version, connect }) => {
    const stream = new PacketStream({ version, role: 'server' });
    expect(refusalBy(stream, octets(connect))).toMatchObject({ problem: 'unsupported-protocol', reasonCode: 0x84 });
  });
});
