/**
 * CONNECT (§3.1): the first packet of a client.
 *
 *     "MQTT" · level (4: 3.1.1, 5: 5.0) · flags · keep alive u16 · properties (5.0)
 *     client id · [will properties (5.0) · will topic · will payload] · [user name] · [password]
 *
 * An empty client id without clean session, which 3.1.1 forbids, is not written but is read: the server has to answer it
 * with return code 2 [MQTT-3.1.3-8], and so has to see the packet.
 */
import {
  CLEAN_START,
  PASSWORD,
  readConnectFlags,
  USERNAME,
  WILL,
  WILL_RETAIN,
  writeConnectFlags,
} from './connect-flags.ts';
import type { ConnectPacket, ProtocolVersion, QoS, Will } from './packet.ts';
import type { PacketReader } from './packet-reader.ts';
import { isIntegerWithin, type PacketWriter } from './packet-writer.ts';
import { readProperties } from './property-reader.ts';
import { writeProperties } from './property-writer.ts';
import { readTopic, writeTopic } from './topic-fields.ts';

const PROTOCOL_NAME = 'MQTT';
const levels: Readonly<Record<ProtocolVersion, number>> = { '3.1.1': 4, '5.0': 5 };

export function encodeConnect(writer: PacketWriter, packet: ConnectPacket): void {
  checkConnect(writer, packet);
  writer.text(PROTOCOL_NAME, 'protocolName');
  writer.u8(levels[packet.version]);
  writeConnectFlags(writer, packet);
  writer.u16(packet.keepAliveSeconds);
  writeProperties(writer, packet.properties, 'connect');
  writer.text(packet.clientId, 'clientId');
  if (packet.will !== undefined) writeWill(writer, packet.will);
  if (packet.username !== undefined) writer.text(packet.username, 'username');
  if (packet.password !== undefined) writer.binary(packet.password, 'password');
}

export function decodeConnect(reader: PacketReader): ConnectPacket {
  const version = readVersion(reader);
  const flags = readConnectFlags(reader);
  const keepAliveSeconds = reader.u16();
  const properties = readProperties(reader, 'connect');
  const clientId = reader.text();
  const will = flags & WILL ? readWill(reader, flags) : undefined;
  const username = flags & USERNAME ? reader.text() : undefined;
  const password = flags & PASSWORD ? reader.binary() : undefined;
  return {
    type: 'connect',
    version,
    clientId,
    cleanStart: (flags & CLEAN_START) !== 0,
    keepAliveSeconds,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(will && { will }),
    ...(properties && { properties }),
  };
}

function checkConnect(writer: PacketWriter, packet: ConnectPacket): void {
  const { version, cleanStart, clientId, keepAliveSeconds, will, username, password } = packet;
  if (version !== writer.version) writer.fail('bad-value', 'version');
  if (!isIntegerWithin(keepAliveSeconds, 0, 0xffff)) writer.fail('bad-value', 'keepAliveSeconds');
  if (will !== undefined) {
    writer.object(will, 'will');
    if (!isIntegerWithin(will.qos, 0, 2)) writer.fail('bad-qos', 'will.qos');
  }
  if (version === '5.0') return;
  if (clientId === '' && !cleanStart) writer.fail('empty-client-id', 'clientId');
  if (password !== undefined && username === undefined) writer.fail('password-without-username', 'password');
}

function readVersion(reader: PacketReader): ProtocolVersion {
  const name = reader.text();
  const level = reader.u8();
  const version = level === levels['5.0'] ? '5.0' : '3.1.1';
  const isAgreed = reader.version === 'auto' || reader.version === version;
  if (name !== PROTOCOL_NAME) reader.fail('unsupported-protocol', '3.1.2-1');
  if (level !== levels[version] || !isAgreed) reader.fail('unsupported-protocol');
  reader.version = version;
  return version;
}

function writeWill(writer: PacketWriter, will: Will): void {
  writeProperties(writer, will.properties, 'will');
  writeTopic(writer, will.topic, 'will.topic');
  writer.binary(will.payload, 'will.payload');
}

function readWill(reader: PacketReader, flags: number): Will {
  const properties = readProperties(reader, 'will');
  return {
    topic: readTopic(reader),
    payload: reader.binary(),
    qos: ((flags >>> 3) & 3) as QoS,
    retain: (flags & WILL_RETAIN) !== 0,
    ...(properties && { properties }),
  };
}
