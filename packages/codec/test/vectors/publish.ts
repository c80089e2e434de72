import { octets, type Vector } from './vector.ts';

export const publishVectors: readonly Vector[] = [
  {
    title: 'PUBLISH at QoS 0 with a payload',
    version: '5.0',
    bytes: octets([
      [0x30, 0x08], // PUBLISH, 8 bytes follow
      [0x00, 0x03, 'a/b'], // topic
      [0x00], // no properties
      ['hi'], // payload
    ]),
    packet: { type: 'publish', topic: 'a/b', payload: octets([['hi']]), qos: 0, retain: false, dup: false },
  },
  {
    title: 'PUBLISH at QoS 0, retained, with an empty payload',
    version: '5.0',
    bytes: octets([
      [0x31, 0x04], // PUBLISH with RETAIN, 4 bytes follow
      [0x00, 0x01, 't'], // topic
      [0x00], // no properties
    ]),
    packet: { type: 'publish', topic: 't', payload: new Uint8Array(0), qos: 0, retain: true, dup: false },
  },
  {
    title: 'PUBLISH at QoS 1, a duplicate',
    version: '5.0',
    bytes: octets([
      [0x3a, 0x08], // PUBLISH with DUP and QoS 1, 8 bytes follow
      [0x00, 0x01, 't'], // topic
      [0xff, 0xff], // packet id 65535
      [0x00], // no properties
      [0x00, 0xff], // payload
    ]),
    packet: {
      type: 'publish',
      topic: 't',
      payload: Uint8Array.of(0x00, 0xff),
      qos: 1,
      retain: false,
      dup: true,
      packetId: 65_535,
    },
  },
  {
    title: 'PUBLISH at QoS 2 with all flags and every property',
    version: '5.0',
    bytes: octets([
      [0x3d, 0x38], // PUBLISH with DUP, QoS 2 and RETAIN, 56 bytes follow
      [0x00, 0x02, '$x'], // topic
      [0x00, 0x01], // packet id 1
      [0x30], // 48 bytes of properties
      [0x01, 0x00], // payload is bytes
      [0x02, 0xff, 0xff, 0xff, 0xff], // message expiry 4294967295
      [0x23, 0x00, 0x01], // topic alias 1
      [0x08, 0x00, 0x03, 're/'], // response topic
      [0x09, 0x00, 0x01, 0x00], // correlation data
      [0x26, 0x00, 0x01, 'a', 0x00, 0x00], // user property a = empty
      [0x26, 0x00, 0x00, 0x00, 0x01, 'b'], // user property with an empty name
      [0x0b, 0x80, 0x01], // subscription identifier 128
      [0x0b, 0xff, 0xff, 0xff, 0x7f], // subscription identifier 268435455
      [0x03, 0x00, 0x05, 'plain'], // content type
      ['!'], // payload
    ]),
    packet: {
      type: 'publish',
      topic: '$x',
      payload: octets([['!']]),
      qos: 2,
      retain: true,
      dup: true,
      packetId: 1,
      properties: {
        payloadFormatIndicator: 0,
        messageExpirySeconds: 4_294_967_295,
        topicAlias: 1,
        responseTopic: 're/',
        correlationData: Uint8Array.of(0x00),
        userProperties: [
          ['a', ''],
          ['', 'b'],
        ],
        subscriptionIdentifiers: [128, 268_435_455],
        contentType: 'plain',
      },
    },
  },
  {
    title: 'PUBLISH with an alias in place of its topic',
    version: '5.0',
    bytes: octets([
      [0x30, 0x07], // PUBLISH, 7 bytes follow
      [0x00, 0x00], // empty topic
      [0x03], // 3 bytes of properties
      [0x23, 0xff, 0xff], // topic alias 65535
      ['p'], // payload
    ]),
    packet: {
      type: 'publish',
      topic: '',
      payload: octets([['p']]),
      qos: 0,
      retain: false,
      dup: false,
      properties: { topicAlias: 65_535 },
    },
  },
  {
    title: 'PUBLISH with a Remaining Length of two bytes and a Property Length of two bytes',
    version: '5.0',
    bytes: octets([
      [0x32, 0x8a, 0x01], // PUBLISH at QoS 1, 138 bytes follow
      [0x00, 0x01, 't'], // topic
      [0x01, 0x02], // packet id 258
      [0x82, 0x01], // 130 bytes of properties
      [0x03, 0x00, 0x7f, 'c'.repeat(127)], // content type of 127 bytes
      ['p'], // payload
    ]),
    packet: {
      type: 'publish',
      topic: 't',
      payload: octets([['p']]),
      qos: 1,
      retain: false,
      dup: false,
      packetId: 258,
      properties: { contentType: 'c'.repeat(127) },
    },
  },
  {
    title: 'PUBLISH at QoS 0 in 3.1.1',
    version: '3.1.1',
    bytes: octets([
      [0x31, 0x06], // PUBLISH with RETAIN, 6 bytes follow
      [0x00, 0x01, 't'], // topic
      [0x00, 0x01, 0x02], // payload, which is no packet id
    ]),
    packet: { type: 'publish', topic: 't', payload: Uint8Array.of(0, 1, 2), qos: 0, retain: true, dup: false },
  },
  {
    title: 'PUBLISH at QoS 1 in 3.1.1',
    version: '3.1.1',
    bytes: octets([
      [0x32, 0x06], // PUBLISH at QoS 1, 6 bytes follow
      [0x00, 0x01, '/'], // topic
      [0x00, 0x0a], // packet id 10
      ['p'], // payload
    ]),
    packet: {
      type: 'publish',
      topic: '/',
      payload: octets([['p']]),
      qos: 1,
      retain: false,
      dup: false,
      packetId: 10,
    },
  },
  {
    title: 'PUBLISH at QoS 2 in 3.1.1, a duplicate without payload',
    version: '3.1.1',
    bytes: octets([
      [0x3c, 0x05], // PUBLISH with DUP and QoS 2, 5 bytes follow
      [0x00, 0x01, 't'], // topic
      [0x01, 0x00], // packet id 256
    ]),
    packet: {
      type: 'publish',
      topic: 't',
      payload: new Uint8Array(0),
      qos: 2,
      retain: false,
      dup: true,
      packetId: 256,
    },
  },
];
