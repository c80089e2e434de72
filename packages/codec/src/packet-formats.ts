/** The packet types (§2.1.2): number, fixed header flags, the side that sends them, and how their bodies look. */
import { decodeAcknowledgement, encodeAcknowledgement } from './acknowledgements.ts';
import { decodeAuth, encodeAuth } from './auth.ts';
import { decodeConnack, encodeConnack } from './connack.ts';
import { decodeConnect, encodeConnect } from './connect.ts';
import { decodeDisconnect, encodeDisconnect } from './disconnect.ts';
import type { Packet, PacketType, ProtocolVersion } from './packet.ts';
import type { PacketReader, Role } from './packet-reader.ts';
import type { PacketWriter } from './packet-writer.ts';
import { decodePing, encodePing } from './ping.ts';
import { decodePublish, encodePublish } from './publish.ts';
import type { Side } from './reason-codes.ts';
import { decodeSubscribe, encodeSubscribe } from './subscribe.ts';
import { decodeSubscribeAck, encodeSubscribeAck } from './subscribe-acknowledgements.ts';
import { decodeUnsubscribe, encodeUnsubscribe } from './unsubscribe.ts';

export interface PacketTypeFacts {
  readonly type: PacketType;
  /** The upper half of the first byte. */
  readonly number: number;
  /** The lower half of the first byte; in PUBLISH it holds DUP, QoS and RETAIN instead. */
  readonly flags: number;
  readonly sender: Side | 'both';
}

// As methods, which take a format for one packet as a format for any: it is looked up by the type of the packet.
export interface PacketFormat extends PacketTypeFacts {
  encode(writer: PacketWriter, packet: Packet): void;
  decode(reader: PacketReader, type: PacketType, flags: number): Packet;
}

// In the order of their numbers, which begin with 1.
const formats: readonly PacketFormat[] = [
  format('connect', 'client', encodeConnect, decodeConnect),
  format('connack', 'server', encodeConnack, decodeConnack),
  format('publish', 'both', encodePublish, decodePublish),
  format('puback', 'both', encodeAcknowledgement, decodeAcknowledgement),
  format('pubrec', 'both', encodeAcknowledgement, decodeAcknowledgement),
  format('pubrel', 'both', encodeAcknowledgement, decodeAcknowledgement, 0b0010),
  format('pubcomp', 'both', encodeAcknowledgement, decodeAcknowledgement),
  format('subscribe', 'client', encodeSubscribe, decodeSubscribe, 0b0010),
  format('suback', 'server', encodeSubscribeAck, decodeSubscribeAck),
  format('unsubscribe', 'client', encodeUnsubscribe, decodeUnsubscribe, 0b0010),
  format('unsuback', 'server', encodeSubscribeAck, decodeSubscribeAck),
  format('pingreq', 'client', encodePing, decodePing),
  format('pingresp', 'server', encodePing, decodePing),
  format('disconnect', 'both', encodeDisconnect, decodeDisconnect),
  format('auth', 'both', encodeAuth, decodeAuth),
].map((row, index) => ({ ...row, number: index + 1 }));

export const packetTypes: readonly PacketTypeFacts[] = formats;

/** Number 0 is reserved. */
export const formatsByNumber: readonly (PacketFormat | undefined)[] = [undefined, ...formats];
export const formatsByType: ReadonlyMap<unknown, PacketFormat> = new Map(formats.map((each) => [each.type, each]));

/** Whether `end` sends such packets. In 3.1.1 a server leaves without a DISCONNECT. */
export function maySend(end: Role, { type, sender }: PacketTypeFacts, version: ProtocolVersion | 'auto'): boolean {
  const only = version === '3.1.1' && type === 'disconnect' ? 'client' : sender;
  return end === only || end === 'either' || only === 'both';
}

interface Row<Kind extends Packet> extends Omit<PacketTypeFacts, 'number'> {
  encode(writer: PacketWriter, packet: Kind): void;
  decode(reader: PacketReader, type: Kind['type'], flags: number): Kind;
}

function format<Type extends PacketType>(
  type: Type,
  sender: Side | 'both',
  encode: Row<PacketOf<Type>>['encode'],
  decode: Row<PacketOf<Type>>['decode'],
  flags: number = 0,
): Row<PacketOf<Type>> {
  return { type, flags, sender, encode, decode };
}

type PacketOf<Type extends PacketType> = Extract<Packet, { readonly type: Type }>;
