/** How the bodies of the packets look, by their types. */
import { decodeAcknowledgement, encodeAcknowledgement } from './acknowledgements.ts';
import { decodeAuth, encodeAuth } from './auth.ts';
import { decodeConnack, encodeConnack } from './connack.ts';
import { decodeConnect, encodeConnect } from './connect.ts';
import { decodeDisconnect, encodeDisconnect } from './disconnect.ts';
import type { Packet } from './packet.ts';
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

type Body<Type> = readonly [Of<Type>['encode'], Of<Type>['decode']];
type Of<Type> = BodyCodec<Extract<Packet, { readonly type: Type }>>;

// In the order of the types, whose names need not be loaded twice.
const bodies: readonly [
  connect: Body<'connect'>,
  connack: Body<'connack'>,
  publish: Body<'publish'>,
  puback: Body<'puback'>,
  pubrec: Body<'pubrec'>,
  pubrel: Body<'pubrel'>,
  pubcomp: Body<'pubcomp'>,
  subscribe: Body<'subscribe'>,
  suback: Body<'suback'>,
  unsubscribe: Body<'unsubscribe'>,
  unsuback: Body<'unsuback'>,
  pingreq: Body<'pingreq'>,
  pingresp: Body<'pingresp'>,
  disconnect: Body<'disconnect'>,
  auth: Body<'auth'>,
] = [
  [encodeConnect, decodeConnect],
  [encodeConnack, decodeConnack],
  [encodePublish, decodePublish],
  [encodeAcknowledgement, decodeAcknowledgement],
  [encodeAcknowledgement, decodeAcknowledgement],
  [encodeAcknowledgement, decodeAcknowledgement],
  [encodeAcknowledgement, decodeAcknowledgement],
  [encodeSubscribe, decodeSubscribe],
  [encodeSubscribeAck, decodeSubscribeAck],
  [encodeUnsubscribe, decodeUnsubscribe],
  [encodeSubscribeAck, decodeSubscribeAck],
  [encodePing, decodePing],
  [encodePing, decodePing],
  [encodeDisconnect, decodeDisconnect],
  [encodeAuth, decodeAuth],
];

/** In the order of their numbers, which begin with 1. Pure, as is the map: who uses neither gets neither. */
export const formats: readonly PacketFormat[] = /* @__PURE__ */ packetTypes.map((facts, index) => {
  const [encode, decode] = bodies[index] as unknown as readonly [PacketFormat['encode'], PacketFormat['decode']];
  return { ...facts, encode, decode };
});

export const formatsByType: ReadonlyMap<unknown, PacketFormat> = /* @__PURE__ */ new Map(
  /* @__PURE__ */ formats.map((each) => [each.type, each]),
);
