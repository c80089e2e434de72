import { octets, type Vector } from './vector.ts';

export const pingVectors: readonly Vector[] = [
  { title: 'PINGREQ', version: '5.0', bytes: octets([[0xc0, 0x00]]), packet: { type: 'pingreq' } },
  { title: 'PINGREQ in 3.1.1', version: '3.1.1', bytes: octets([[0xc0, 0x00]]), packet: { type: 'pingreq' } },
  { title: 'PINGRESP', version: '5.0', bytes: octets([[0xd0, 0x00]]), packet: { type: 'pingresp' } },
  { title: 'PINGRESP in 3.1.1', version: '3.1.1', bytes: octets([[0xd0, 0x00]]), packet: { type: 'pingresp' } },
];

export const disconnectVectors: readonly Vector[] = [
  {
    title: 'DISCONNECT without reason code',
    version: '5.0',
    bytes: octets([
      [0xe0, 0x00], // DISCONNECT, nothing follows
    ]),
    packet: { type: 'disconnect', reasonCode: 0x00 },
  },
  {
    title: 'DISCONNECT with reason code 0x00 written out',
    version: '5.0',
    bytes: octets([
      [0xe0, 0x01], // DISCONNECT, 1 byte follows
      [0x00], // normal disconnection
    ]),
    packet: { type: 'disconnect', reasonCode: 0x00 },
    isLongForm: true,
  },
  {
    title: 'DISCONNECT with a reason code and no properties',
    version: '5.0',
    bytes: octets([
      [0xe0, 0x01], // DISCONNECT, 1 byte follows
      [0x8e], // session taken over
    ]),
    packet: { type: 'disconnect', reasonCode: 0x8e },
  },
  {
    title: 'DISCONNECT with an empty property block',
    version: '5.0',
    bytes: octets([
      [0xe0, 0x02], // DISCONNECT, 2 bytes follow
      [0x04], // disconnect with will message
      [0x00], // no properties
    ]),
    packet: { type: 'disconnect', reasonCode: 0x04 },
    isLongForm: true,
  },
  {
    title: 'DISCONNECT of a client with every property',
    version: '5.0',
    bytes: octets([
      [0xe0, 0x12], // DISCONNECT, 18 bytes follow
      [0x00], // normal disconnection
      [0x10], // 16 bytes of properties
      [0x11, 0x00, 0x00, 0x00, 0x00], // session expiry 0
      [0x1f, 0x00, 0x01, 'r'], // reason string
      [0x26, 0x00, 0x01, 'k', 0x00, 0x01, 'v'], // user property k = v
    ]),
    packet: {
      type: 'disconnect',
      reasonCode: 0x00,
      properties: { sessionExpirySeconds: 0, reasonString: 'r', userProperties: [['k', 'v']] },
    },
  },
  {
    title: 'DISCONNECT of a server with every property',
    version: '5.0',
    bytes: octets([
      [0xe0, 0x13], // DISCONNECT, 19 bytes follow
      [0x9d], // server moved
      [0x11], // 17 bytes of properties
      [0x1f, 0x00, 0x01, 'r'], // reason string
      [0x26, 0x00, 0x01, 'k', 0x00, 0x01, 'v'], // user property k = v
      [0x1c, 0x00, 0x03, 'b:1'], // server reference
    ]),
    packet: {
      type: 'disconnect',
      reasonCode: 0x9d,
      properties: { reasonString: 'r', userProperties: [['k', 'v']], serverReference: 'b:1' },
    },
  },
  {
    title: 'DISCONNECT in 3.1.1',
    version: '3.1.1',
    bytes: octets([
      [0xe0, 0x00], // DISCONNECT, nothing follows
    ]),
    packet: { type: 'disconnect', reasonCode: 0x00 },
  },
];

export const authVectors: readonly Vector[] = [
  {
    title: 'AUTH with a method only',
    version: '5.0',
    bytes: octets([
      [0xf0, 0x06], // AUTH, 6 bytes follow
      [0x00], // success
      [0x04], // 4 bytes of properties
      [0x15, 0x00, 0x01, 'M'], // authentication method
    ]),
    packet: { type: 'auth', reasonCode: 0x00, properties: { authenticationMethod: 'M' } },
  },
  {
    title: 'AUTH that re-authenticates',
    version: '5.0',
    bytes: octets([
      [0xf0, 0x09], // AUTH, 9 bytes follow
      [0x19], // re-authenticate
      [0x07], // 7 bytes of properties
      [0x15, 0x00, 0x01, 'M'], // authentication method
      [0x16, 0x00, 0x00], // empty authentication data
    ]),
    packet: {
      type: 'auth',
      reasonCode: 0x19,
      properties: { authenticationMethod: 'M', authenticationData: new Uint8Array(0) },
    },
  },
  {
    title: 'AUTH with every property',
    version: '5.0',
    bytes: octets([
      [0xf0, 0x1b], // AUTH, 27 bytes follow
      [0x18], // continue authentication
      [0x19], // 25 bytes of properties
      [0x15, 0x00, 0x05, 'SCRAM'], // authentication method
      [0x16, 0x00, 0x03, 0x00, 0xc3, 0x28], // authentication data
      [0x1f, 0x00, 0x01, 'r'], // reason string
      [0x26, 0x00, 0x01, 'k', 0x00, 0x01, 'v'], // user property k = v
    ]),
    packet: {
      type: 'auth',
      reasonCode: 0x18,
      properties: {
        authenticationMethod: 'SCRAM',
        authenticationData: Uint8Array.of(0x00, 0xc3, 0x28),
        reasonString: 'r',
        userProperties: [['k', 'v']],
      },
    },
  },
];
