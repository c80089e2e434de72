/** What a message must not be, because the server said so in CONNACK. */
import { encode, type PublishProperties, type QoS } from '@omqtt/codec';
import { InvalidStateError, OnlyInV5Error, ServerLimitError } from './errors.ts';
import type { ConnectionState } from './machine.ts';

interface Message {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: QoS;
  readonly retain: boolean;
  readonly properties?: PublishProperties | undefined;
  readonly alias: 'never' | 'try' | 'always';
}

/** Throws a `ServerLimitError`: before an id is taken or a byte is stored, and again before a stored one is sent. */
export function checkPublishLimits({ limits, version }: ConnectionState, message: Message): void {
  const { qos, retain, properties, alias } = message;
  if (version === '3.1.1' && properties !== undefined) throw new OnlyInV5Error('a property of a message');
  if (version === '3.1.1' && alias === 'always') throw new OnlyInV5Error('a topic alias');
  if (qos > limits.maximumQoS) throw new ServerLimitError('qos', qos, limits.maximumQoS);
  if (retain && !limits.retainAvailable) throw new ServerLimitError('retain', 1, 0);
  if (alias === 'always' && limits.topicAliasMaximum === 0) throw new ServerLimitError('topic-alias', 1, 0);
  if (limits.maximumPacketBytes === Infinity) return;
  const size = packetSize(message, version);
  if (size > limits.maximumPacketBytes) throw new ServerLimitError('packet-size', size, limits.maximumPacketBytes);
}

/** Throws for a received message that is published again with what belongs to its delivery. */
export function checkOwnProperties(properties: PublishProperties | undefined): void {
  if (properties?.topicAlias === undefined && properties?.subscriptionIdentifiers === undefined) return;
  throw new InvalidStateError(
    'a topic alias and subscription identifiers belong to one delivery: leave them out, and choose an `alias` policy',
  );
}

/** Whether the message may be as large as it is with an alias beside its topic. */
export function hasRoomForAlias({ limits, version }: ConnectionState, message: Omit<Message, 'alias'>): boolean {
  if (limits.maximumPacketBytes === Infinity) return true;
  return packetSize({ ...message, alias: 'always' }, version) <= limits.maximumPacketBytes;
}

// The packet as it leaves at worst: with an id where it has one, with the topic in full, with an alias that must be.
function packetSize(message: Message, version: '5.0' | '3.1.1'): number {
  const { topic, payload, qos, retain, alias } = message;
  const properties = alias === 'always' ? { ...message.properties, topicAlias: 1 } : message.properties;
  const head = encode(
    {
      type: 'publish',
      topic,
      payload: NOTHING,
      qos,
      retain,
      dup: false,
      ...(qos > 0 && { packetId: 1 }),
      ...(properties && { properties }),
    },
    version,
  );
  const bodyBytes = head.length - headerBytesOf(head) + payload.length;
  return 1 + lengthBytes(bodyBytes) + bodyBytes;
}

const NOTHING = new Uint8Array(0);

/** One byte, and the length in groups of seven bits, of which all but the last say that another one follows. */
function headerBytesOf(packet: Uint8Array): number {
  return 2 + packet.subarray(1).findIndex((byte) => byte < 0x80);
}

function lengthBytes(length: number): number {
  let bytes = 1;
  for (let rest = length >>> 7; rest > 0; rest >>>= 7) bytes += 1;
  return bytes;
}
