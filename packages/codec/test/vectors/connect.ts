import { octets, type Vector } from './vector.ts';

export const connectVectors: readonly Vector[] = [
  {
    title: 'CONNECT with the least that 5.0 allows',
    version: '5.0',
    bytes: octets([
      [0x10, 0x0d], // CONNECT, 13 bytes follow
      [0x00, 0x04, 'MQTT'], // protocol name
      [0x05], // protocol version
      [0x00], // no flags
      [0x00, 0x00], // keep alive off
      [0x00], // no properties
      [0x00, 0x00], // empty client id
    ]),
    packet: { type: 'connect', version: '5.0', clientId: '', cleanStart: false, keepAliveSeconds: 0 },
  },
  {
    title: 'CONNECT with will, user name, password and every property',
    version: '5.0',
    bytes: octets([
      [0x10, 0x76], // CONNECT, 118 bytes follow
      [0x00, 0x04, 'MQTT'], // protocol name
      [0x05], // protocol version
      [0b1111_0110], // user name, password, will retain, will QoS 2, will, clean start
      [0xff, 0xff], // keep alive 65535
      [0x29], // 41 bytes of properties
      [0x11, 0xff, 0xff, 0xff, 0xff], // session expiry: never
      [0x21, 0x00, 0x01], // receive maximum 1
      [0x27, 0x00, 0x00, 0x00, 0x80], // maximum packet size 128
      [0x22, 0x00, 0x0a], // topic alias maximum 10
      [0x19, 0x01], // request response information
      [0x17, 0x00], // request no problem information
      [0x26, 0x00, 0x01, 'k', 0x00, 0x01, 'v'], // user property k = v
      [0x15, 0x00, 0x05, 'PLAIN'], // authentication method
      [0x16, 0x00, 0x03, 0x00, 0xff, 0x80], // authentication data
      [0x00, 0x02, 'id'], // client id
      [0x25], // 37 bytes of will properties
      [0x18, 0x00, 0x00, 0x00, 0x05], // will delay 5
      [0x01, 0x01], // payload is text
      [0x02, 0x00, 0x00, 0x00, 0x3c], // message expiry 60
      [0x03, 0x00, 0x03, 'a/b'], // content type
      [0x08, 0x00, 0x01, 'r'], // response topic
      [0x09, 0x00, 0x02, 0x01, 0x02], // correlation data
      [0x26, 0x00, 0x01, 'n', 0x00, 0x04, 'gone'], // user property n = gone
      [0x00, 0x04, 'last'], // will topic
      [0x00, 0x05, 'words'], // will payload
      [0x00, 0x04, 'user'], // user name
      [0x00, 0x03, 0x00, 0x01, 0xfe], // password
    ]),
    packet: {
      type: 'connect',
      version: '5.0',
      clientId: 'id',
      cleanStart: true,
      keepAliveSeconds: 65_535,
      username: 'user',
      password: Uint8Array.of(0x00, 0x01, 0xfe),
      will: {
        topic: 'last',
        payload: octets([['words']]),
        qos: 2,
        retain: true,
        properties: {
          willDelaySeconds: 5,
          payloadFormatIndicator: 1,
          messageExpirySeconds: 60,
          contentType: 'a/b',
          responseTopic: 'r',
          correlationData: Uint8Array.of(0x01, 0x02),
          userProperties: [['n', 'gone']],
        },
      },
      properties: {
        sessionExpirySeconds: 0xffff_ffff,
        receiveMaximum: 1,
        maximumPacketBytes: 128,
        topicAliasMaximum: 10,
        requestResponseInformation: true,
        requestProblemInformation: false,
        userProperties: [['k', 'v']],
        authenticationMethod: 'PLAIN',
        authenticationData: Uint8Array.of(0x00, 0xff, 0x80),
      },
    },
  },
  {
    title: 'CONNECT with a password but no user name, as only 5.0 allows',
    version: '5.0',
    bytes: octets([
      [0x10, 0x13], // CONNECT, 19 bytes follow
      [0x00, 0x04, 'MQTT'], // protocol name
      [0x05], // protocol version
      [0b0100_0000], // password
      [0x00, 0x3c], // keep alive 60
      [0x00], // no properties
      [0x00, 0x01, 'c'], // client id
      [0x00, 0x03, 'jwt'], // password
    ]),
    packet: {
      type: 'connect',
      version: '5.0',
      clientId: 'c',
      cleanStart: false,
      keepAliveSeconds: 60,
      password: octets([['jwt']]),
    },
  },
  {
    title: 'CONNECT with a will that is empty but for its topic',
    version: '5.0',
    bytes: octets([
      [0x10, 0x14], // CONNECT, 20 bytes follow
      [0x00, 0x04, 'MQTT'], // protocol name
      [0x05], // protocol version
      [0b0000_0100], // will, QoS 0, not retained
      [0x00, 0x00], // keep alive off
      [0x00], // no properties
      [0x00, 0x01, 'c'], // client id
      [0x00], // no will properties
      [0x00, 0x01, 'w'], // will topic
      [0x00, 0x00], // empty will payload
    ]),
    packet: {
      type: 'connect',
      version: '5.0',
      clientId: 'c',
      cleanStart: false,
      keepAliveSeconds: 0,
      will: { topic: 'w', payload: new Uint8Array(0), qos: 0, retain: false },
    },
  },
  {
    title: 'CONNECT with the least that 3.1.1 allows',
    version: '3.1.1',
    bytes: octets([
      [0x10, 0x0c], // CONNECT, 12 bytes follow
      [0x00, 0x04, 'MQTT'], // protocol name
      [0x04], // protocol level
      [0b0000_0010], // clean session
      [0x00, 0x0a], // keep alive 10
      [0x00, 0x00], // empty client id
    ]),
    packet: { type: 'connect', version: '3.1.1', clientId: '', cleanStart: true, keepAliveSeconds: 10 },
  },
  {
    title: 'CONNECT with will, user name and password in 3.1.1',
    version: '3.1.1',
    bytes: octets([
      [0x10, 0x1e], // CONNECT, 30 bytes follow
      [0x00, 0x04, 'MQTT'], // protocol name
      [0x04], // protocol level
      [0b1100_1100], // user name, password, will QoS 1, will
      [0x01, 0x00], // keep alive 256
      [0x00, 0x03, 'dev'], // client id
      [0x00, 0x01, 'w'], // will topic
      [0x00, 0x02, 0xff, 0x00], // will payload
      [0x00, 0x01, 'u'], // user name
      [0x00, 0x03, 'pwd'], // password
    ]),
    packet: {
      type: 'connect',
      version: '3.1.1',
      clientId: 'dev',
      cleanStart: false,
      keepAliveSeconds: 256,
      username: 'u',
      password: octets([['pwd']]),
      will: { topic: 'w', payload: Uint8Array.of(0xff, 0x00), qos: 1, retain: false },
    },
  },
  {
    title: 'CONNECT with a user name but no password in 3.1.1',
    version: '3.1.1',
    bytes: octets([
      [0x10, 0x10], // CONNECT, 16 bytes follow
      [0x00, 0x04, 'MQTT'], // protocol name
      [0x04], // protocol level
      [0b1000_0000], // user name
      [0x00, 0x01], // keep alive 1
      [0x00, 0x01, 'a'], // client id
      [0x00, 0x01, 'u'], // user name
    ]),
    packet: {
      type: 'connect',
      version: '3.1.1',
      clientId: 'a',
      cleanStart: false,
      keepAliveSeconds: 1,
      username: 'u',
    },
  },
];
