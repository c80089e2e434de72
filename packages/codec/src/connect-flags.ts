/**
 * The connect flags (§3.1.2.3), one byte:
 *
 *     7 user name · 6 password · 5 will retain · 4–3 will QoS · 2 will · 1 clean start · 0 reserved
 */
import type { ConnectPacket } from './packet.ts';
import type { PacketReader } from './packet-reader.ts';
import { isIntegerWithin, type PacketWriter } from './packet-writer.ts';

export const USERNAME = 0x80;
export const PASSWORD = 0x40;
export const WILL_RETAIN = 0x20;
export const WILL = 0x04;
export const CLEAN_START = 0x02;
const WILL_QOS = 0x18;
const RESERVED = 0x01;

export function writeConnectFlags(writer: PacketWriter, { cleanStart, will, username, password }: ConnectPacket): void {
  let flags = writer.flag(cleanStart, CLEAN_START, 'cleanStart');
  if (username !== undefined) flags |= USERNAME;
  if (password !== undefined) flags |= PASSWORD;
  if (will !== undefined) {
    writer.object(will, 'will');
    if (!isIntegerWithin(will.qos, 0, 2)) writer.fail('bad-qos', 'will.qos');
    flags |= WILL | (will.qos << 3) | writer.flag(will.retain, WILL_RETAIN, 'will.retain');
  }
  // 5.0 allows it: a token needs no name.
  if (password !== undefined && username === undefined && writer.version === '3.1.1') {
    writer.fail('password-without-username', 'password');
  }
  writer.u8(flags);
}

export function readConnectFlags(reader: PacketReader): number {
  const flags = reader.u8();
  const isV5 = reader.version === '5.0';
  if (flags & RESERVED) reader.fail('bad-connect-flags', '3.1.2-3');
  if ((flags & WILL) === 0) {
    if (flags & WILL_QOS) reader.fail('bad-connect-flags');
    if (flags & WILL_RETAIN) reader.fail('bad-connect-flags', isV5 ? '3.1.2-13' : '3.1.2-15');
  }
  if ((flags & WILL_QOS) === WILL_QOS) reader.fail('bad-qos');
  // 5.0 allows it: a token needs no name.
  if (!isV5 && flags & PASSWORD && !(flags & USERNAME)) reader.fail('password-without-username');
  return flags;
}
