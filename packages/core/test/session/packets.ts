/** Packets of a server, in few words. */
import type {
  AckProperties,
  AuthPacket,
  ConnackPacket,
  ConnackProperties,
  DisconnectPacket,
  Packet,
  PublishPacket,
  SubackPacket,
  UnsubackPacket,
} from '@omqtt/codec';

export const nothing: Uint8Array = new Uint8Array(0);

export function bytes(...values: readonly number[]): Uint8Array {
  return Uint8Array.from(values);
}

export function connack(properties?: ConnackProperties, sessionPresent = false): ConnackPacket {
  return { type: 'connack', sessionPresent, reasonCode: 0, ...(properties && { properties }) };
}

export function refusal(reasonCode: number, properties?: ConnackProperties): ConnackPacket {
  return { type: 'connack', sessionPresent: false, reasonCode, ...(properties && { properties }) };
}

/** An inbound message of QoS 1, unless said otherwise. */
export function message(facts: Partial<PublishPacket> = {}): PublishPacket {
  const packet = {
    type: 'publish',
    topic: 'in',
    payload: nothing,
    qos: 1,
    retain: false,
    dup: false,
    ...facts,
  } as const;
  return packet.qos === 0 ? packet : { packetId: 1, ...packet };
}

type Acknowledgement = 'puback' | 'pubrec' | 'pubrel' | 'pubcomp';

function acknowledgement<Type extends Acknowledgement>(type: Type) {
  return (packetId: number, reasonCode = 0, properties?: AckProperties): Packet & { type: Type } => {
    const packet = { type, packetId, reasonCode, ...(properties && { properties }) };
    return packet as unknown as Packet & { type: Type };
  };
}

export const puback: ReturnType<typeof acknowledgement<'puback'>> = acknowledgement('puback');
export const pubrec: ReturnType<typeof acknowledgement<'pubrec'>> = acknowledgement('pubrec');
export const pubrel: ReturnType<typeof acknowledgement<'pubrel'>> = acknowledgement('pubrel');
export const pubcomp: ReturnType<typeof acknowledgement<'pubcomp'>> = acknowledgement('pubcomp');

export function suback(packetId: number, ...reasonCodes: readonly number[]): SubackPacket {
  return { type: 'suback', packetId, reasonCodes };
}

export function unsuback(packetId: number, ...reasonCodes: readonly number[]): UnsubackPacket {
  return { type: 'unsuback', packetId, reasonCodes };
}

export const pingresp: Packet = { type: 'pingresp' };

export function goodbye(reasonCode = 0, properties?: DisconnectPacket['properties']): DisconnectPacket {
  return { type: 'disconnect', reasonCode, ...(properties && { properties }) };
}

export function auth(reasonCode: number, authenticationMethod = 'M', authenticationData?: Uint8Array): AuthPacket {
  const properties = { authenticationMethod, ...(authenticationData && { authenticationData }) };
  return { type: 'auth', reasonCode, properties };
}

/** One word for each packet, with what tells it from others of its kind: `publish 3 dup a/b`, `pubrel 3`. */
export function inWords(packet: Packet): string {
  switch (packet.type) {
    case 'publish': {
      const { packetId, dup, topic, properties } = packet;
      const alias = properties?.topicAlias;
      return [
        'publish',
        ...(packetId === undefined ? [] : [packetId]),
        ...(dup ? ['dup'] : []),
        ...(topic === '' ? [] : [topic]),
        ...(alias === undefined ? [] : [`alias ${alias}`]),
      ].join(' ');
    }
    case 'subscribe':
      return `subscribe ${packet.packetId} ${packet.subscriptions.map(({ filter }) => filter).join(' ')}`;
    case 'unsubscribe':
      return `unsubscribe ${packet.packetId} ${packet.filters.join(' ')}`;
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
      return `${packet.type} ${packet.packetId}${hex(packet.reasonCode)}`;
    case 'auth':
    case 'disconnect':
      return `${packet.type}${hex(packet.reasonCode)}`;
    default:
      return packet.type;
  }
}

function hex(reasonCode: number): string {
  return reasonCode === 0 ? '' : ` 0x${reasonCode.toString(16)}`;
}
