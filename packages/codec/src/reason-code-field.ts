/** Reason codes as packets carry them: checked against the table of their packet and the side that sends them. */
import type { PacketType } from './packet.ts';
import type { PacketReader } from './packet-reader.ts';
import type { PacketWriter } from './packet-writer.ts';
import { readProperties } from './property-reader.ts';
import type { PropertySet } from './property-table.ts';
import { hasProperties, refuseProperties, writeProperties } from './property-writer.ts';
import { mayCarry } from './reason-codes.ts';

const statements: Readonly<Partial<Record<PacketType, string>>> = {
  connack: '3.2.2-8',
  puback: '3.4.2-1',
  pubrec: '3.5.2-1',
  pubrel: '3.6.2-1',
  pubcomp: '3.7.2-1',
  suback: '3.9.3-2',
  unsuback: '3.11.3-2',
  disconnect: '3.14.2-1',
  auth: '3.15.2-1',
};

export function writeReasonCode(writer: PacketWriter, type: PacketType, code: number, field = 'reasonCode'): void {
  // A look-up would take digits for a number.
  if (typeof code !== 'number' || !mayCarry(type, code, writer.role)) {
    writer.fail('bad-reason-code', field, `MQTT-${statements[type]}`);
  }
  writer.u8(code);
}

export function readReasonCode(reader: PacketReader, type: PacketType): number {
  const code = reader.u8();
  if (!mayCarry(type, code, reader.sender)) reader.fail('bad-reason-code', `MQTT-${statements[type]}`);
  return code;
}

interface Ending {
  readonly type: PacketType;
  readonly reasonCode: number;
  readonly properties?: object;
}

/** What ends acknowledgements and DISCONNECT: nothing in 3.1.1, and nothing that 5.0 lets be left out. */
export function writeEnding(writer: PacketWriter, { type, reasonCode, properties }: Ending, set: PropertySet): void {
  if (writer.version === '3.1.1') {
    if (reasonCode !== 0) writer.fail('only-in-5.0', 'reasonCode');
    refuseProperties(writer, properties);
    return;
  }
  const isLong = hasProperties(properties);
  if (!isLong && reasonCode === 0) return;
  writeReasonCode(writer, type, reasonCode);
  if (isLong) writeProperties(writer, properties, set);
}

/** A reason code that is left out is 0x00. */
export function readEnding<Properties extends object>(
  reader: PacketReader,
  type: PacketType,
  set: PropertySet,
): { reasonCode: number; properties?: Properties } {
  if (reader.left === 0 || reader.version === '3.1.1') return { reasonCode: 0 };
  const reasonCode = readReasonCode(reader, type);
  if (reader.left === 0) return { reasonCode };
  const properties = readProperties<Properties>(reader, set);
  return properties === undefined ? { reasonCode } : { reasonCode, properties };
}
