/** How the bodies of the packets look, by their types. */
import { decodeAcknowledgement, encodeAcknowledgement } from './acknowledgements.ts';
import { decodeAuth, encodeAuth } from './auth.ts';
import { decodeConnack, encodeConnack } from './connack.ts';
import { decodeConnect, encodeConnect } from './connect.ts';
import { decodeDisconnect, encodeDisconnect } from './disconnect.ts';
import type { Packet, PacketType } from './packet.ts';
import type { PacketReader } from './packet-reader.ts';
import { packetTypes, type PacketTypeFacts } from './packet-types.ts';
import type { PacketWriter } from './packet-writer.ts';
import { decodePing, encodePing } from './ping.ts';
import { decodePublish, encodePublish } from './publish.ts';
import { decodeSubscribe, encodeSubscribe } from './subscribe.ts';
import { decodeSubscribeAck, encodeSubscribeAck } from './subscribe-acknowledgements.ts';
import { decodeUnsubscribe, encodeUnsubscribe } from './unsubscribe.ts';

// As methods, which take the codec of one packet as one of any: it is looked up by the type of the packet.
interface BodyCodec<Kind extends Packet> {
  encode(writer: PacketWriter, packet: Kind): void;
  decode(reader: PacketReader, type: Kind['type'], flags: number): Kind;
}

export interface PacketFormat extends PacketTypeFacts, BodyCodec<Packet> {}

type Bodies = { readonly [Type in PacketType]: readonly [encode: Encode<Type>, decode: Decode<Type>] };
type Encode<Type> = BodyCodec<Extract<Packet, { readonly type: Type }>>['encode'];
type Decode<Type> = BodyCodec<Extract<Packet, { readonly type: Type }>>['decode'];

const bodies: Bodies = {
  connect: [encodeConnect, decodeConnect],
  connack: [encodeConnack, decodeConnack],
  publish: [encodePublish, decodePublish],
  puback: [encodeAcknowledgement, decodeAcknowledgement],
  pubrec: [encodeAcknowledgement, decodeAcknowledgement],
  pubrel: [encodeAcknowledgement, decodeAcknowledgement],
  pubcomp: [encodeAcknowledgement, decodeAcknowledgement],
  subscribe: [encodeSubscribe, decodeSubscribe],
  suback: [encodeSubscribeAck, decodeSubscribeAck],
  unsubscribe: [encodeUnsubscribe, decodeUnsubscribe],
  unsuback: [encodeSubscribeAck, decodeSubscribeAck],
  pingreq: [encodePing, decodePing],
  pingresp: [encodePing, decodePing],
  disconnect: [encodeDisconnect, decodeDisconnect],
  auth: [encodeAuth, decodeAuth],
};

/** In the order of their numbers, which begin with 1. Pure, as is the map: who uses neither gets neither. */
export const formats: readonly PacketFormat[] = /* @__PURE__ */ packetTypes.map((facts) => {
  const [encode, decode] = bodies[facts.type] as readonly [PacketFormat['encode'], PacketFormat['decode']];
  return { ...facts, encode, decode };
});

export const formatsByType: ReadonlyMap<unknown, PacketFormat> = /* @__PURE__ */ new Map(
  /* @__PURE__ */ formats.map((each) => [each.type, each]),
);
