/** A message and when it came, apart from the client: what is printed, recorded and compared. */
import { encode, type PublishProperties } from '@omqtt/codec';
import type { Message } from 'omqtt';

export interface ReceivedMessage {
  /** Milliseconds since 1970, with fractions. */
  readonly at: number;
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  readonly dup: boolean;
  readonly properties: PublishProperties;
}

export function received(message: Message): ReceivedMessage {
  const { topic, payload, qos, retain, dup, properties } = message;
  return { at: preciseNow(), topic, payload, qos, retain, dup, properties };
}

/** Finer than a millisecond, as far as a double goes. */
export function preciseNow(): number {
  return performance.timeOrigin + performance.now();
}

/** As a broker could have sent it in MQTT 5; the client keeps the real bytes to itself. */
export function packetBytes(message: ReceivedMessage): Uint8Array {
  // Aliases belong to a connection that is gone.
  const { topicAlias: _alias, ...properties } = message.properties;
  return encode({ type: 'publish', ...message, properties, ...(message.qos > 0 && { packetId: 1 }) }, '5.0');
}
