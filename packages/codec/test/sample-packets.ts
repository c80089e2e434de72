/** The smallest packet of each kind around a property block, as an object and as bytes. */
import type { Packet, PropertyCarrier } from '../src/index.ts';

interface Frame {
  /** The packet that carries `properties`; typed loosely because most callers want it wrong. */
  readonly packet: (properties: object) => Record<string, unknown>;
  readonly firstByte: number;
  /** The bytes between the Remaining Length and the Property Length. */
  readonly before: readonly number[];
  readonly after: readonly number[];
}

const PACKET_ID = [0x00, 0x07] as const;
const TOPIC = [0x00, 0x01, 0x74] as const;
const subscription = { filter: 't', qos: 0, noLocal: false, retainAsPublished: false, retainHandling: 0 };
const connect = { type: 'connect', version: '5.0', clientId: 'c', cleanStart: true, keepAliveSeconds: 60 };
const connectHeader = [0x00, 0x04, 0x4d, 0x51, 0x54, 0x54, 0x05] as const;

function acknowledgement(type: 'puback' | 'pubrec' | 'pubrel' | 'pubcomp', firstByte: number): Frame {
  return {
    packet: (properties) => ({ type, packetId: 7, reasonCode: 0, properties }),
    firstByte,
    before: [...PACKET_ID, 0x00],
    after: [],
  };
}

function subscribeAck(type: 'suback' | 'unsuback', firstByte: number): Frame {
  return {
    packet: (properties) => ({ type, packetId: 7, reasonCodes: [0], properties }),
    firstByte,
    before: PACKET_ID,
    after: [0x00],
  };
}

export const frames: Readonly<Record<PropertyCarrier, Frame>> = {
  connect: {
    packet: (properties) => ({ ...connect, properties }),
    firstByte: 0x10,
    before: [...connectHeader, 0x02, 0x00, 0x3c],
    after: [0x00, 0x01, 0x63],
  },
  will: {
    packet: (properties) => ({
      ...connect,
      will: { topic: 't', payload: new Uint8Array(0), qos: 0, retain: false, properties },
    }),
    firstByte: 0x10,
    // The CONNECT has no properties of its own here, and its client id stands before the will.
    before: [...connectHeader, 0x06, 0x00, 0x3c, 0x00, 0x00, 0x01, 0x63],
    after: [...TOPIC, 0x00, 0x00],
  },
  connack: {
    packet: (properties) => ({ type: 'connack', sessionPresent: false, reasonCode: 0, properties }),
    firstByte: 0x20,
    before: [0x00, 0x00],
    after: [],
  },
  publish: {
    packet: (properties) => ({
      type: 'publish',
      topic: 't',
      payload: Uint8Array.of(0x70),
      qos: 0,
      retain: false,
      dup: false,
      properties,
    }),
    firstByte: 0x30,
    before: TOPIC,
    after: [0x70],
  },
  puback: acknowledgement('puback', 0x40),
  pubrec: acknowledgement('pubrec', 0x50),
  pubrel: acknowledgement('pubrel', 0x62),
  pubcomp: acknowledgement('pubcomp', 0x70),
  subscribe: {
    packet: (properties) => ({ type: 'subscribe', packetId: 7, subscriptions: [subscription], properties }),
    firstByte: 0x82,
    before: PACKET_ID,
    after: [...TOPIC, 0x00],
  },
  suback: subscribeAck('suback', 0x90),
  unsubscribe: {
    packet: (properties) => ({ type: 'unsubscribe', packetId: 7, filters: ['t'], properties }),
    firstByte: 0xa2,
    before: PACKET_ID,
    after: TOPIC,
  },
  unsuback: subscribeAck('unsuback', 0xb0),
  disconnect: {
    packet: (properties) => ({ type: 'disconnect', reasonCode: 0, properties }),
    firstByte: 0xe0,
    before: [0x00],
    after: [],
  },
  auth: {
    packet: (properties) => ({
      type: 'auth',
      reasonCode: 0x18,
      // Without its method an AUTH would be refused for that.
      properties: { authenticationMethod: 'é', ...properties },
    }),
    firstByte: 0xf0,
    before: [0x18],
    after: [],
  },
};

/** A valid packet with the given properties. */
export function packetWith(carrier: PropertyCarrier, properties: object): Packet {
  return frames[carrier].packet(properties) as unknown as Packet;
}

/** The bytes of that packet, when its property block is `block` and everything is short. */
export function bytesWith(carrier: PropertyCarrier, block: readonly number[]): number[] {
  const { firstByte, before, after } = frames[carrier];
  const body = [...before, block.length, ...block, ...after];
  return [firstByte, body.length, ...body];
}
