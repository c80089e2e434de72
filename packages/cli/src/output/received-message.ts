/** A message and when it came, apart from the client: what is printed, recorded and compared. */
import type { PublishProperties } from '@omqtt/codec';
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
