/** CONNECT and CONNACK, field by field. */
import { mayCarry, reasonName } from '@omqtt/codec';
import type { FieldReader } from './field-reader.ts';
import { readProperties } from './read-properties.ts';

type Members = Record<string, unknown>;

const WILL = 0x04;
const USERNAME = 0x80;
const PASSWORD = 0x40;

export function readConnect(reader: FieldReader, packet: Members): void {
  readVersion(reader, packet);
  const flags = readFlags(reader, packet);
  packet['keepAliveSeconds'] = reader.u16('keepAliveSeconds');
  setProperties(packet, readProperties(reader, 'connect'));
  reader.whenCut = 'missing-client-id';
  packet['clientId'] = reader.text('clientId', '3.1.3-4');
  if (packet['clientId'] === '' && packet['cleanStart'] === false && reader.version === '3.1.1') {
    reader.fault('empty-client-id');
  }
  if (flags & WILL) readWill(reader, packet, flags);
  if (flags & USERNAME) {
    reader.whenCut = 'missing-username';
    packet['username'] = reader.text('username', '3.1.3-12');
  }
  if (flags & PASSWORD) {
    reader.whenCut = 'missing-password';
    packet['password'] = reader.binary('password');
  }
}

/** What 3.1 calls itself; its packets look like those of 3.1.1. */
const OLD_NAME = 'MQIsdp';

function readVersion(reader: FieldReader, packet: Members): void {
  const name = reader.text('protocolName');
  const isOld = name === OLD_NAME;
  if (name !== 'MQTT' && !isOld) reader.fault('protocol-name');
  const level = reader.u8('protocolLevel');
  reader.version = level === 5 ? '5.0' : '3.1.1';
  packet['version'] = reader.version;
  reader.annotate(isOld ? 'MQTT 3.1' : `MQTT ${reader.version}`);
  if (level !== 4 && level !== 5 && !(isOld && level === 3)) reader.fault('protocol-level');
}

function readFlags(reader: FieldReader, packet: Members): number {
  return reader.group('flags', () => {
    const start = reader.at;
    const flags = reader.u8('connectFlags');
    const place = { start, end: reader.at };
    packet['cleanStart'] = (flags & 2) !== 0;
    reader.add({ name: 'usernameFlag', ...place, bits: USERNAME, value: (flags & USERNAME) !== 0 });
    reader.add({ name: 'passwordFlag', ...place, bits: PASSWORD, value: (flags & PASSWORD) !== 0 });
    reader.add({ name: 'willRetain', ...place, bits: 0x20, value: (flags & 0x20) !== 0 });
    reader.add({ name: 'willQoS', ...place, bits: 0x18, value: (flags >>> 3) & 3 });
    reader.add({ name: 'willFlag', ...place, bits: WILL, value: (flags & WILL) !== 0 });
    reader.add({ name: 'cleanStart', ...place, bits: 2, value: (flags & 2) !== 0 });
    if (flags & 1) reader.fault('reserved-connect-flag');
    if ((flags & 0x18) === 0x18) reader.fault('will-qos-3');
    if ((flags & WILL) === 0 && flags & 0x18) reader.fault('will-qos-without-will');
    if ((flags & WILL) === 0 && flags & 0x20) reader.fault('will-retain-without-will');
    if (flags & PASSWORD && !(flags & USERNAME) && reader.version === '3.1.1') {
      reader.fault('password-without-username');
    }
    return flags;
  });
}

function readWill(reader: FieldReader, packet: Members, flags: number): void {
  reader.whenCut = 'missing-will';
  packet['will'] = reader.group('will', () => {
    const will: Members = {};
    setProperties(will, readProperties(reader, 'will'));
    const topic = reader.text('topic', '3.1.3-11');
    if (topic === '') reader.fault('empty-will-topic');
    if (/[#+]/.test(topic)) reader.fault('wildcard-in-will-topic');
    const payload = reader.binary('payload');
    return Object.assign(will, { topic, payload, qos: (flags >>> 3) & 3, retain: (flags & 0x20) !== 0 });
  });
}

/** The return codes 0 to 5 of 3.1.1, as reason codes of 5.0. */
const returnCodes: readonly number[] = [0x00, 0x84, 0x85, 0x88, 0x86, 0x87];

export function readConnack(reader: FieldReader, packet: Members): void {
  const flags = reader.u8('flags');
  const sessionPresent = (flags & 1) === 1;
  packet['sessionPresent'] = sessionPresent;
  if (flags > 1) reader.fault('connack-flags');
  reader.add({ name: 'sessionPresent', start: reader.at - 1, end: reader.at, bits: 1, value: sessionPresent });
  const isOlderServer =
    reader.version === '5.0' && reader.left === 1 && (reader.bytes[reader.at] as number) in returnCodes;
  const code = readConnackCode(reader, isOlderServer && reader.bytes[reader.at] !== 0);
  packet['reasonCode'] = code;
  reader.annotate(reasonName(code));
  if (sessionPresent && code !== 0) reader.fault('session-present-on-failure');
  if (isOlderServer && code !== 0) return;
  setProperties(packet, readProperties(reader, 'connack'));
}

function readConnackCode(reader: FieldReader, isOlderServer: boolean): number {
  const written = reader.u8('reasonCode');
  if (isOlderServer) reader.fault('connack-of-older-server');
  if (reader.version === '5.0' && !isOlderServer) {
    if (!mayCarry('connack', written, 'server')) reader.fault('connack-code');
    return written;
  }
  const code = returnCodes[written];
  if (code === undefined) reader.fault('connack-code');
  return code ?? written;
}

export function setProperties(packet: Members, properties: object | undefined): void {
  if (properties !== undefined) packet['properties'] = properties;
}
