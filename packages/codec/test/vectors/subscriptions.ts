import { octets, type Vector } from './vector.ts';

/** SUBSCRIBE, SUBACK, UNSUBSCRIBE and UNSUBACK. */
export const subscriptionVectors: readonly Vector[] = [
  {
    title: 'SUBSCRIBE to one filter',
    version: '5.0',
    bytes: octets([
      [0x82, 0x07], // SUBSCRIBE, 7 bytes follow
      [0x00, 0x01], // packet id 1
      [0x00], // no properties
      [0x00, 0x01, '#'], // filter
      [0x00], // QoS 0
    ]),
    packet: {
      type: 'subscribe',
      packetId: 1,
      subscriptions: [{ filter: '#', qos: 0, noLocal: false, retainAsPublished: false, retainHandling: 0 }],
    },
  },
  {
    title: 'SUBSCRIBE to three filters with every option and every property',
    version: '5.0',
    bytes: octets([
      [0x82, 0x2a], // SUBSCRIBE, 42 bytes follow
      [0xff, 0xff], // packet id 65535
      [0x0f], // 15 bytes of properties
      [0x0b, 0x01], // subscription identifier 1
      [0x26, 0x00, 0x01, 'k', 0x00, 0x01, 'v'], // user property k = v
      [0x26, 0x00, 0x01, 'k', 0x00, 0x00], // user property k = empty
      [0x00, 0x03, 'a/+'], // filter
      [0b0001_1110], // retain handling 1, retain as published, no local, QoS 2
      [0x00, 0x0a, '$share/g/t'], // shared filter
      [0b0010_1001], // retain handling 2, retain as published, QoS 1
      [0x00, 0x02, '+/'], // filter
      [0b0000_0100], // no local, QoS 0
    ]),
    packet: {
      type: 'subscribe',
      packetId: 65_535,
      subscriptions: [
        { filter: 'a/+', qos: 2, noLocal: true, retainAsPublished: true, retainHandling: 1 },
        { filter: '$share/g/t', qos: 1, noLocal: false, retainAsPublished: true, retainHandling: 2 },
        { filter: '+/', qos: 0, noLocal: true, retainAsPublished: false, retainHandling: 0 },
      ],
      properties: {
        subscriptionIdentifier: 1,
        userProperties: [
          ['k', 'v'],
          ['k', ''],
        ],
      },
    },
  },
  {
    title: 'SUBSCRIBE to two filters in 3.1.1',
    version: '3.1.1',
    bytes: octets([
      [0x82, 0x0c], // SUBSCRIBE, 12 bytes follow
      [0x00, 0x0a], // packet id 10
      [0x00, 0x01, 't'], // filter
      [0x02], // QoS 2
      [0x00, 0x03, 'u/#'], // filter
      [0x01], // QoS 1
    ]),
    packet: {
      type: 'subscribe',
      packetId: 10,
      subscriptions: [
        { filter: 't', qos: 2, noLocal: false, retainAsPublished: false, retainHandling: 0 },
        { filter: 'u/#', qos: 1, noLocal: false, retainAsPublished: false, retainHandling: 0 },
      ],
    },
  },
  {
    title: 'SUBACK with all outcomes and no properties',
    version: '5.0',
    bytes: octets([
      [0x90, 0x07], // SUBACK, 7 bytes follow
      [0x00, 0x01], // packet id 1
      [0x00], // no properties
      [0x00, 0x01, 0x02, 0x87], // granted QoS 0, 1, 2, not authorized
    ]),
    packet: { type: 'suback', packetId: 1, reasonCodes: [0x00, 0x01, 0x02, 0x87] },
  },
  {
    title: 'SUBACK with every property',
    version: '5.0',
    bytes: octets([
      [0x90, 0x0f], // SUBACK, 15 bytes follow
      [0x00, 0x02], // packet id 2
      [0x0b], // 11 bytes of properties
      [0x1f, 0x00, 0x01, 'r'], // reason string
      [0x26, 0x00, 0x01, 'k', 0x00, 0x01, 'v'], // user property k = v
      [0xa2], // wildcard subscriptions not supported
    ]),
    packet: {
      type: 'suback',
      packetId: 2,
      reasonCodes: [0xa2],
      properties: { reasonString: 'r', userProperties: [['k', 'v']] },
    },
  },
  {
    title: 'SUBACK in 3.1.1',
    version: '3.1.1',
    bytes: octets([
      [0x90, 0x06], // SUBACK, 6 bytes follow
      [0x00, 0x0a], // packet id 10
      [0x00, 0x01, 0x02, 0x80], // granted QoS 0, 1, 2, failure
    ]),
    packet: { type: 'suback', packetId: 10, reasonCodes: [0x00, 0x01, 0x02, 0x80] },
  },
  {
    title: 'UNSUBSCRIBE from one filter',
    version: '5.0',
    bytes: octets([
      [0xa2, 0x06], // UNSUBSCRIBE, 6 bytes follow
      [0x00, 0x01], // packet id 1
      [0x00], // no properties
      [0x00, 0x01, '+'], // filter
    ]),
    packet: { type: 'unsubscribe', packetId: 1, filters: ['+'] },
  },
  {
    title: 'UNSUBSCRIBE from two filters with every property',
    version: '5.0',
    bytes: octets([
      [0xa2, 0x12], // UNSUBSCRIBE, 18 bytes follow
      [0x01, 0x00], // packet id 256
      [0x07], // 7 bytes of properties
      [0x26, 0x00, 0x01, 'k', 0x00, 0x01, 'v'], // user property k = v
      [0x00, 0x03, 'a/#'], // filter
      [0x00, 0x01, 'b'], // filter
    ]),
    packet: {
      type: 'unsubscribe',
      packetId: 256,
      filters: ['a/#', 'b'],
      properties: { userProperties: [['k', 'v']] },
    },
  },
  {
    title: 'UNSUBSCRIBE in 3.1.1',
    version: '3.1.1',
    bytes: octets([
      [0xa2, 0x08], // UNSUBSCRIBE, 8 bytes follow
      [0x00, 0x0a], // packet id 10
      [0x00, 0x01, 't'], // filter
      [0x00, 0x01, '/'], // filter
    ]),
    packet: { type: 'unsubscribe', packetId: 10, filters: ['t', '/'] },
  },
  {
    title: 'UNSUBACK with both kinds of success',
    version: '5.0',
    bytes: octets([
      [0xb0, 0x05], // UNSUBACK, 5 bytes follow
      [0x00, 0x01], // packet id 1
      [0x00], // no properties
      [0x00, 0x11], // success, no subscription existed
    ]),
    packet: { type: 'unsuback', packetId: 1, reasonCodes: [0x00, 0x11] },
  },
  {
    title: 'UNSUBACK with every property',
    version: '5.0',
    bytes: octets([
      [0xb0, 0x0f], // UNSUBACK, 15 bytes follow
      [0x00, 0x02], // packet id 2
      [0x0b], // 11 bytes of properties
      [0x26, 0x00, 0x01, 'k', 0x00, 0x01, 'v'], // user property k = v
      [0x1f, 0x00, 0x01, 'r'], // reason string
      [0x8f], // topic filter invalid
    ]),
    packet: {
      type: 'unsuback',
      packetId: 2,
      reasonCodes: [0x8f],
      properties: { userProperties: [['k', 'v']], reasonString: 'r' },
    },
  },
  {
    title: 'UNSUBACK in 3.1.1, which has no codes',
    version: '3.1.1',
    bytes: octets([
      [0xb0, 0x02], // UNSUBACK, 2 bytes follow
      [0x00, 0x0a], // packet id 10
    ]),
    packet: { type: 'unsuback', packetId: 10, reasonCodes: [] },
  },
];
