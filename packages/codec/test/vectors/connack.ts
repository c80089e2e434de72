import { octets, type Vector } from './vector.ts';

export const connackVectors: readonly Vector[] = [
  {
    title: 'CONNACK that accepts and says nothing else',
    version: '5.0',
    bytes: octets([
      [0x20, 0x03], // CONNACK, 3 bytes follow
      [0x00], // session not present
      [0x00], // success
      [0x00], // no properties
    ]),
    packet: { type: 'connack', sessionPresent: false, reasonCode: 0x00 },
  },
  {
    title: 'CONNACK that resumes a session',
    version: '5.0',
    bytes: octets([
      [0x20, 0x06], // CONNACK, 6 bytes follow
      [0x01], // session present
      [0x00], // success
      [0x03], // 3 bytes of properties
      [0x21, 0x00, 0x14], // receive maximum 20
    ]),
    packet: { type: 'connack', sessionPresent: true, reasonCode: 0x00, properties: { receiveMaximum: 20 } },
  },
  {
    title: 'CONNACK with every property',
    version: '5.0',
    bytes: octets([
      [0x20, 0x57], // CONNACK, 87 bytes follow
      [0x00], // session not present
      [0x00], // success
      [0x54], // 84 bytes of properties
      [0x11, 0x00, 0x00, 0x0e, 0x10], // session expiry 3600
      [0x21, 0xff, 0xff], // receive maximum 65535
      [0x24, 0x01], // maximum QoS 1
      [0x25, 0x00], // retain not available
      [0x27, 0xff, 0xff, 0xff, 0xff], // maximum packet size 4294967295
      [0x12, 0x00, 0x04, 'auto'], // assigned client id
      [0x22, 0x00, 0x00], // topic alias maximum 0
      [0x1f, 0x00, 0x02, 'ok'], // reason string
      [0x26, 0x00, 0x01, 'a', 0x00, 0x01, '1'], // user property a = 1
      [0x26, 0x00, 0x01, 'a', 0x00, 0x01, '1'], // the same once more
      [0x28, 0x00], // no wildcard subscriptions
      [0x29, 0x01], // subscription identifiers
      [0x2a, 0x00], // no shared subscriptions
      [0x13, 0x01, 0x2c], // server keep alive 300
      [0x1a, 0x00, 0x04, 'resp'], // response information
      [0x1c, 0x00, 0x05, 'other'], // server reference
      [0x15, 0x00, 0x05, 'SCRAM'], // authentication method
      [0x16, 0x00, 0x03, 0x01, 0x00, 0x02], // authentication data
    ]),
    packet: {
      type: 'connack',
      sessionPresent: false,
      reasonCode: 0x00,
      properties: {
        sessionExpirySeconds: 3600,
        receiveMaximum: 65_535,
        maximumQoS: 1,
        retainAvailable: false,
        maximumPacketBytes: 4_294_967_295,
        assignedClientId: 'auto',
        topicAliasMaximum: 0,
        reasonString: 'ok',
        userProperties: [
          ['a', '1'],
          ['a', '1'],
        ],
        wildcardSubscriptionAvailable: false,
        subscriptionIdentifierAvailable: true,
        sharedSubscriptionAvailable: false,
        serverKeepAliveSeconds: 300,
        responseInformation: 'resp',
        serverReference: 'other',
        authenticationMethod: 'SCRAM',
        authenticationData: Uint8Array.of(0x01, 0x00, 0x02),
      },
    },
  },
  {
    title: 'CONNACK that refuses',
    version: '5.0',
    bytes: octets([
      [0x20, 0x03], // CONNACK, 3 bytes follow
      [0x00], // session not present
      [0x9f], // connection rate exceeded
      [0x00], // no properties
    ]),
    packet: { type: 'connack', sessionPresent: false, reasonCode: 0x9f },
  },
  {
    title: 'CONNACK that accepts in 3.1.1',
    version: '3.1.1',
    bytes: octets([
      [0x20, 0x02], // CONNACK, 2 bytes follow
      [0x00], // session not present
      [0x00], // accepted
    ]),
    packet: { type: 'connack', sessionPresent: false, reasonCode: 0x00 },
  },
  {
    title: 'CONNACK that resumes a session in 3.1.1',
    version: '3.1.1',
    bytes: octets([
      [0x20, 0x02], // CONNACK, 2 bytes follow
      [0x01], // session present
      [0x00], // accepted
    ]),
    packet: { type: 'connack', sessionPresent: true, reasonCode: 0x00 },
  },
  refusal311('unacceptable protocol version', 1, 0x84),
  refusal311('identifier rejected', 2, 0x85),
  refusal311('server unavailable', 3, 0x88),
  refusal311('bad user name or password', 4, 0x86),
  refusal311('not authorized', 5, 0x87),
];

function refusal311(name: string, returnCode: number, reasonCode: number): Vector {
  return {
    title: `CONNACK that refuses in 3.1.1: ${name}`,
    version: '3.1.1',
    bytes: octets([
      [0x20, 0x02], // CONNACK, 2 bytes follow
      [0x00], // session not present
      [returnCode],
    ]),
    packet: { type: 'connack', sessionPresent: false, reasonCode },
  };
}
