/** The packets that the codecs are compared on. */
import type {
  ConnectPacket,
  Packet,
  ProtocolVersion,
  PublishPacket,
  PubackPacket,
  SubscribePacket,
} from '@omqtt/codec';

export interface CodecCase {
  readonly name: string;
  readonly version: ProtocolVersion;
  readonly packets: readonly Packet[];
  /** The ratio to mqtt-packet that was promised, where one was. */
  readonly budget?: { readonly decode: number; readonly encode: number };
  /** The case is so plain that a codec which does nothing but this can be written in a few lines. */
  readonly hasBareLimit?: true;
}

const PACKETS = 5000;
/** So many times as many where texts change: as many texts as packets, and more than a decoder would remember. */
const CHANGING = 4;

const atQos0 = { decode: 10, encode: 5 };
const withProperties = { decode: 10, encode: 10 };

/** A case before its packets are made. */
export interface CasePlan extends Omit<CodecCase, 'packets'> {
  readonly make: (count: number) => Packet[];
}

export const casePlans: readonly CasePlan[] = [
  { name: 'QoS 0, 64 B, 3.1.1', version: '3.1.1', make: same(() => qos0), budget: atQos0, hasBareLimit: true },
  { name: 'QoS 0, 64 B, 5.0', version: '5.0', make: same(() => qos0), budget: atQos0 },
  { name: 'QoS 0, 64 B, 5.0, changing topic', version: '5.0', make: manyOf(changingTopic), budget: atQos0 },
  { name: 'QoS 1, 5 properties', version: '5.0', make: same(() => fiveProperties), budget: withProperties },
  {
    name: 'QoS 1, 5 properties, all changing',
    version: '5.0',
    make: manyOf(changingProperties),
    budget: withProperties,
  },
  { name: 'QoS 0, 4 KiB, 5.0', version: '5.0', make: (count) => same(largeMessage)(count / 10) },
  { name: 'CONNECT, 5.0', version: '5.0', make: each(connect) },
  { name: 'PUBACK, short', version: '5.0', make: each(puback) },
  { name: 'PUBACK, reason string', version: '5.0', make: each(pubackWithReason) },
  { name: 'SUBSCRIBE, 5.0', version: '5.0', make: each(subscribe) },
];

/** `count` is the usual number of packets; tests need few. */
export function makeCase({ make, ...rest }: CasePlan, count: number = PACKETS): CodecCase {
  return { ...rest, packets: make(count) };
}

const qos0: PublishPacket = {
  type: 'publish',
  // 29 bytes, as in the measurements that the budgets come from.
  topic: 'plant/line-17/oven-04/heat/up',
  payload: payloadOf(64),
  qos: 0,
  retain: false,
  dup: false,
};

const fiveProperties: PublishPacket = {
  ...qos0,
  qos: 1,
  packetId: 4711,
  properties: {
    payloadFormatIndicator: 1,
    messageExpirySeconds: 3600,
    contentType: 'application/json',
    responseTopic: 'replies/dashboard-3/heat',
    correlationData: payloadOf(8),
  },
};

function largeMessage(): PublishPacket {
  return { ...qos0, payload: payloadOf(4096) };
}

function changingTopic(index: number): PublishPacket {
  return { ...qos0, topic: `plant/line-17/oven-${digits(index)}/heat` };
}

function changingProperties(index: number): PublishPacket {
  return {
    ...changingTopic(index),
    qos: 1,
    packetId: index + 1,
    properties: {
      payloadFormatIndicator: 1,
      messageExpirySeconds: 3600 + index,
      contentType: `text/${digits(index)}`,
      responseTopic: `replies/dashboard-${digits(index)}`,
      correlationData: Uint8Array.of(index >>> 8, index & 0xff, 1, 2, 3, 4, 5, 6),
    },
  };
}

function connect(index: number): ConnectPacket {
  return {
    type: 'connect',
    version: '5.0',
    clientId: `sensor-${digits(index)}`,
    cleanStart: false,
    keepAliveSeconds: 60,
    username: 'plant',
    password: payloadOf(16),
    will: { topic: 'plant/line-17/offline', payload: payloadOf(8), qos: 1, retain: true },
    properties: { sessionExpirySeconds: 3600, receiveMaximum: 100 },
  };
}

function puback(index: number): PubackPacket {
  return { type: 'puback', packetId: index + 1, reasonCode: 0 };
}

function pubackWithReason(index: number): PubackPacket {
  return { ...puback(index), reasonCode: 0x97, properties: { reasonString: 'too many messages today' } };
}

function subscribe(index: number): SubscribePacket {
  const options = { qos: 1, noLocal: false, retainAsPublished: true, retainHandling: 0 } as const;
  return {
    type: 'subscribe',
    packetId: index + 1,
    subscriptions: [
      { filter: `plant/line-17/oven-${digits(index)}/#`, ...options },
      { filter: 'plant/+/alarms', ...options },
    ],
    properties: { subscriptionIdentifier: 7 },
  };
}

// Spread over all digits, so that neighbours do not look alike to a hash.
function digits(index: number): string {
  return String((index * 7919) % 100_000).padStart(5, '0');
}

function payloadOf(size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, index) => index & 0x7f);
}

function same(make: () => Packet): CasePlan['make'] {
  return (count) => {
    const packet = make();
    return Array.from({ length: count }, () => packet);
  };
}

function each(make: (index: number) => Packet): CasePlan['make'] {
  return (count) => Array.from({ length: count }, (_, index) => make(index));
}

function manyOf(make: (index: number) => Packet): CasePlan['make'] {
  return (count) => each(make)(count * CHANGING);
}
