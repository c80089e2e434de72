/** Reads one packet with the place of every field. Total: whatever the bytes are, it returns. */
import { packetTypes, type PacketType, type PacketTypeFacts, type ProtocolVersion, type Side } from '@omqtt/codec';
import type { CodecRuleName } from '../lint/codec-rules.ts';
import type { FieldNode } from './field.ts';
import { EndOfPacket, FieldReader, type Fault } from './field-reader.ts';
import type { InspectedPacket } from './inspected-packet.ts';
import { readConnack, readConnect } from './read-connect.ts';
import { checkTextPayload, readAcknowledgement, readAuth, readDisconnect, readPublish } from './read-message.ts';
import { readSubscribe, readSubscribeAck, readUnsubscribe } from './read-subscription.ts';

export interface ReadOptions {
  readonly version: ProtocolVersion;
  readonly sender: Side;
  /** Only the beginning of the packet was kept, so that its end is no fault. */
  readonly isShortened?: boolean;
  /** The statement-free switch of old 3.1, where acknowledged packets may have DUP. */
  readonly isOld?: boolean;
}

export interface ReadResult {
  /** `undefined` when not even the type is known. */
  readonly packet: InspectedPacket | undefined;
  readonly fields: readonly FieldNode[];
  readonly faults: readonly Fault[];
}

type Members = Record<string, unknown>;

export function readPacket(bytes: Uint8Array, options: ReadOptions): ReadResult {
  const { version, sender, isShortened = false } = options;
  const reader = new FieldReader(bytes, { version, sender, isShortened });
  const facts = packetTypes.find(({ number }) => number === (bytes[0] ?? 0) >>> 4);
  const packet: Members = { type: facts?.type };
  try {
    readHeader(reader, facts, options.isOld ?? false);
    if (facts) readBody(reader, packet, facts.type);
  } catch (error) {
    if (!(error instanceof EndOfPacket)) throw error;
  }
  // Its members are those of the packet of this type, as far as there were bytes for them.
  return { packet: facts && (packet as InspectedPacket), fields: reader.fields, faults: reader.faults };
}

function readHeader(reader: FieldReader, facts: PacketTypeFacts | undefined, isOld: boolean): void {
  reader.group('fixedHeader', () => {
    const first = reader.u8('first');
    reader.add({ name: 'type', start: 0, end: 1, bits: 0xf0, value: first >>> 4, ...(facts && { note: facts.type }) });
    checkType(reader, facts);
    if (facts && facts.type !== 'publish') {
      reader.add({ name: 'flags', start: 0, end: 1, bits: 0x0f, value: first & 0x0f });
      if ((first & (isOld ? 0x06 : 0x0f)) !== facts.flags) reader.fault(flagRules[facts.type] ?? 'reserved-flags');
    }
    const length = reader.variable('remainingLength');
    if (length > reader.left && !reader.isShortened) {
      reader.fault('truncated', { detail: `${length} bytes were announced` });
    }
    if (length < reader.left) reader.end = reader.at + length;
  });
}

const flagRules: Readonly<Partial<Record<PacketType, CodecRuleName>>> = {
  pubrel: 'pubrel-flags',
  subscribe: 'subscribe-flags',
  unsubscribe: 'unsubscribe-flags',
  disconnect: 'disconnect-flags',
  auth: 'auth-flags',
};

function checkType(reader: FieldReader, facts: PacketTypeFacts | undefined): void {
  const isOld = reader.version === '3.1.1';
  if (facts === undefined) return reader.fault('reserved-type');
  if (isOld && facts.type === 'auth') return reader.fault('auth-in-3.1.1');
  const isOneWay = facts.sender !== 'both' && facts.sender !== reader.sender;
  // A server of 3.1.1 has no DISCONNECT.
  const isMute = isOld && facts.type === 'disconnect' && reader.sender === 'server';
  if (isOneWay || isMute) reader.fault('wrong-direction', { detail: `${facts.type} from a ${reader.sender}` });
  return undefined;
}

function readBody(reader: FieldReader, packet: Members, type: PacketType): void {
  readers[type](reader, packet);
  if (type === 'publish') checkTextPayload(reader, packet);
  if (reader.left === 0) return;
  reader.rest('trailing');
  if (type === 'connect') return reader.fault('unannounced-credentials');
  reader.fault(type === 'pingreq' || type === 'pingresp' ? 'ping-body' : 'trailing-bytes');
}

const readers: Readonly<Record<PacketType, (reader: FieldReader, packet: Members) => void>> = {
  connect: readConnect,
  connack: readConnack,
  publish: readPublish,
  puback: readAcknowledgement,
  pubrec: readAcknowledgement,
  pubrel: readAcknowledgement,
  pubcomp: readAcknowledgement,
  subscribe: readSubscribe,
  suback: readSubscribeAck,
  unsubscribe: readUnsubscribe,
  unsuback: readSubscribeAck,
  pingreq: readNothing,
  pingresp: readNothing,
  disconnect: readDisconnect,
  auth: readAuth,
};

function readNothing(): void {
  // There is no body.
}
