import type { Packet } from '../../src/index.ts';
import { framed, lengthOctets } from './framing.ts';
import { octets, type Field } from './vector.ts';

/** Everything in MQTT 5.0 that has a property block. */
export const carriers = [
  'connect',
  'will',
  'connack',
  'publish',
  'puback',
  'pubrec',
  'pubrel',
  'pubcomp',
  'subscribe',
  'suback',
  'unsubscribe',
  'unsuback',
  'disconnect',
  'auth',
] as const;

export type Carrier = (typeof carriers)[number];

interface Surroundings {
  readonly firstByte: number;
  readonly before: Field;
  readonly after: Field;
}

const ack = { before: [0x00, 0x01, 0x00], after: [] }; // packet id 1, success
const surroundings: Readonly<Record<Carrier, Surroundings>> = {
  connect: {
    firstByte: 0x10,
    before: [0x00, 0x04, 'MQTT', 0x05, 0x02, 0x00, 0x0a], // clean start, keep alive 10
    after: [0x00, 0x01, 'c'], // client id
  },
  will: {
    firstByte: 0x10,
    before: [0x00, 0x04, 'MQTT', 0x05, 0x06, 0x00, 0x0a, 0x00, 0x00, 0x01, 'c'], // will, no properties, client id
    after: [0x00, 0x01, 'w', 0x00, 0x00], // will topic, empty payload
  },
  connack: { firstByte: 0x20, before: [0x00, 0x00], after: [] }, // session not present, success
  publish: { firstByte: 0x30, before: [0x00, 0x01, 't'], after: ['p'] }, // topic, payload
  puback: { firstByte: 0x40, ...ack },
  pubrec: { firstByte: 0x50, ...ack },
  pubrel: { firstByte: 0x62, ...ack },
  pubcomp: { firstByte: 0x70, ...ack },
  subscribe: { firstByte: 0x82, before: [0x00, 0x01], after: [0x00, 0x01, 't', 0x00] }, // packet id, filter, QoS 0
  suback: { firstByte: 0x90, before: [0x00, 0x01], after: [0x00] }, // packet id, granted QoS 0
  unsubscribe: { firstByte: 0xa2, before: [0x00, 0x01], after: [0x00, 0x01, 't'] }, // packet id, filter
  unsuback: { firstByte: 0xb0, before: [0x00, 0x01], after: [0x00] }, // packet id, success
  disconnect: { firstByte: 0xe0, before: [0x00], after: [] }, // normal disconnection
  auth: { firstByte: 0xf0, before: [0x18], after: [] }, // continue authentication
};

/** A packet that is sound but for what `properties` may do to it. `length` is the Property Length, right or wrong. */
export function packetWith(
  carrier: Carrier,
  properties: readonly Field[],
  length: number = octets(properties).length,
): Uint8Array {
  const { firstByte, before, after } = surroundings[carrier];
  return framed(firstByte, octets([before, lengthOctets(length), ...properties, after]));
}

/** The properties that `packetWith` put into the packet, as they were read. */
export function propertiesIn(carrier: Carrier, packet: Packet): object | undefined {
  if (carrier === 'will') return packet.type === 'connect' ? packet.will?.properties : undefined;
  return 'properties' in packet ? packet.properties : undefined;
}

const METHOD: Field = [0x15, 0x00, 0x01, 'M'];

/** What has to stand before the property so that the packet is sound: AUTH and Authentication Data need a method. */
export function companionsOf(id: number, carrier: Carrier): readonly Field[] {
  const needsMethod = carrier === 'auth' ? id !== 0x15 : id === 0x16 && ['connect', 'connack'].includes(carrier);
  return needsMethod ? [METHOD] : [];
}

/** How the companions are read. */
export function companionFieldsOf(id: number, carrier: Carrier): object {
  return companionsOf(id, carrier).length > 0 ? { authenticationMethod: 'M' } : {};
}
