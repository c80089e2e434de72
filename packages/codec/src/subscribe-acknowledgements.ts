/**
 * SUBACK and UNSUBACK (§3.9, §3.11).
 *
 *     packet id u16 · properties (5.0) · one reason code for each filter (UNSUBACK of 3.1.1: none)
 */
import type { ProtocolVersion, SubackPacket, UnsubackPacket } from './packet.ts';
import { checkItems, readHead, readItems, writeHead } from './packet-list.ts';
import type { PacketReader } from './packet-reader.ts';
import type { PacketWriter } from './packet-writer.ts';
import type { AckProperties } from './properties.ts';
import { readReasonCode, writeReasonCode } from './reason-code-field.ts';
import type { ReasonCodeCarrier } from './reason-codes.ts';

type SubscribeAckType = 'suback' | 'unsuback';

export function encodeSubscribeAck(writer: PacketWriter, packet: SubackPacket | UnsubackPacket): void {
  const { type, reasonCodes } = packet;
  const carrier = carrierOf(type, writer.version);
  if (carrier) checkItems(writer, reasonCodes, 'reasonCodes', 'no-reason-codes', statementOf(type));
  else if (!Array.isArray(reasonCodes) || reasonCodes.length > 0) writer.fail('only-in-5.0', 'reasonCodes');
  writeHead(writer, packet);
  if (carrier) for (const code of packet.reasonCodes) writeReasonCode(writer, carrier, code, 'reasonCodes');
}

export function decodeSubscribeAck<Type extends SubscribeAckType>(
  reader: PacketReader,
  type: Type,
): { type: Type; packetId: number; reasonCodes: number[]; properties?: AckProperties } {
  const head = readHead(reader, type);
  const carrier = carrierOf(type, reader.version);
  const reasonCodes = carrier
    ? readItems(reader, () => readReasonCode(reader, carrier), 'no-reason-codes', statementOf(type))
    : [];
  return { ...head, reasonCodes };
}

/** No statement asks for the codes of UNSUBACK, only its table does. */
function statementOf(type: SubscribeAckType): string | undefined {
  return type === 'unsuback' ? '' : undefined;
}

/** Which codes there may be; none at all in the UNSUBACK of 3.1.1. */
function carrierOf(type: SubscribeAckType, version: ProtocolVersion | 'auto'): ReasonCodeCarrier | undefined {
  if (version !== '3.1.1') return type;
  return type === 'suback' ? 'suback311' : undefined;
}
