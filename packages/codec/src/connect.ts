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
import { writeText } from './text.ts';
import { readTopic } from './topic-fields.ts';

const PROTOCOL_NAME = 'MQTT';

export function encodeConnect(writer: PacketWriter, packet: ConnectPacket): void {
  const { version, clientId, cleanStart, keepAliveSeconds, username, password, will } = packet;
  if (version !== writer.version) writer.fail('bad-value', 'version');
  if (!isIntegerWithin(keepAliveSeconds, 0, 0xffff)) writer.fail('bad-value', 'keepAliveSeconds');
  if (version === '3.1.1') {
    if (clientId === '' && !cleanStart) writer.fail('empty-client-id', 'clientId');
  }
  writeText(writer, PROTOCOL_NAME, 'version');
  writer.u8(levelOf(version));
  writeConnectFlags(writer, packet);
  writer.u16(keepAliveSeconds);
  writeProperties(writer, packet.properties, 'connect');
  writeText(writer, clientId, 'clientId');
  if (will !== undefined) writeWill(writer, will);
  if (username !== undefined) writeText(writer, username, 'username');
  if (password !== undefined) writer.binary(password, 'password');
}

export function decodeConnect(reader: PacketReader): ConnectPacket {
  const version = readVersion(reader);
  const flags = readConnectFlags(reader);
  const keepAliveSeconds = reader.u16();
  const properties = readProperties(reader, 'connect');
  const clientId = reader.text();
  const packet: Growing<ConnectPacket> = {
    type: 'connect',
    version,
    clientId,
    cleanStart: (flags & CLEAN_START) !== 0,
    keepAliveSeconds,
  };
  if (flags & WILL) packet.will = readWill(reader, flags);
  if (flags & USERNAME) packet.username = reader.text();
  if (flags & PASSWORD) packet.password = reader.binary();
  if (properties) packet.properties = properties;
  return packet;
}

type Growing<Type> = { -readonly [Key in keyof Type]: Type[Key] };

function levelOf(version: ProtocolVersion): number {
  return version === '5.0' ? 5 : 4;
}

function readVersion(reader: PacketReader): ProtocolVersion {
  const name = reader.text();
  const level = reader.u8();
  const version = level === 5 ? '5.0' : '3.1.1';
  if (name !== PROTOCOL_NAME) reader.fail('unsupported-protocol', '3.1.2-1');
  if (level !== levelOf(version) || (reader.version !== 'auto' && reader.version !== version)) {
    reader.fail('unsupported-protocol');
  }
  reader.version = version;
  return version;
}

function writeWill(writer: PacketWriter, will: Will): void {
  writeProperties(writer, will.properties, 'will');
  writer.topic(will.topic, 'will.topic');
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
