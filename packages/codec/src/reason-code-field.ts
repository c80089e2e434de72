/** Reason codes as packets carry them: checked against the table of their packet and the side that sends them. */
import type { PacketReader } from './packet-reader.ts';
import type { PacketWriter } from './packet-writer.ts';
import type { PropertiesOf } from './properties.ts';
import { readProperties } from './property-reader.ts';
import { hasProperties, writeProperties } from './property-writer.ts';
import { mayCarry, reasonCodeStatement, type ReasonCodeCarrier } from './reason-codes.ts';

export function writeReasonCode(
  writer: PacketWriter,
  carrier: ReasonCodeCarrier,
  code: number,
  field: string = 'reasonCode',
): void {
  // A look-up would take digits for a number.
  if (typeof code !== 'number' || !mayCarry(carrier, code, writer.role)) {
    writer.fail('bad-reason-code', field, reasonCodeStatement(carrier));
  }
  writer.u8(code);
}

export function readReasonCode(reader: PacketReader, carrier: ReasonCodeCarrier): number {
  const code = reader.u8();
  if (!mayCarry(carrier, code, reader.sender)) reader.fail('bad-reason-code', reasonCodeStatement(carrier));
  return code;
}

type EndingCarrier = 'puback' | 'pubrec' | 'pubrel' | 'pubcomp' | 'disconnect' | 'auth';

interface Ending {
  readonly type: EndingCarrier;
  readonly reasonCode: number;
  readonly properties?: object;
}

/** What ends acknowledgements, DISCONNECT and AUTH: nothing in 3.1.1, and nothing that 5.0 lets be left out. */
export function writeEnding(writer: PacketWriter, { type, reasonCode, properties }: Ending): void {
  const isLong = hasProperties(properties);
  if (!isLong && reasonCode === 0) return;
  if (writer.version === '3.1.1') writer.fail('only-in-5.0', isLong ? 'properties' : 'reasonCode');
  writeReasonCode(writer, type, reasonCode);
  if (isLong) writeProperties(writer, properties, type);
}

/** A reason code that is left out is 0x00. */
export function readEnding<Carrier extends EndingCarrier>(
  reader: PacketReader,
  type: Carrier,
): { type: Carrier; reasonCode: number; properties?: PropertiesOf[Carrier] } {
  if (reader.left === 0 || reader.version === '3.1.1') return { type, reasonCode: 0 };
  const reasonCode = readReasonCode(reader, type);
  const properties = reader.left === 0 ? undefined : readProperties(reader, type);
  return properties === undefined ? { type, reasonCode } : { type, reasonCode, properties };
}
