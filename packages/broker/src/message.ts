/** An application message inside the broker: in full, without what belongs to one connection. */
import { encode, type ProtocolVersion, type PublishPacket, type PublishProperties, type QoS } from '@omqtt/codec';

export interface MessageFacts {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: QoS;
  readonly retain: boolean;
  /** Without alias and subscription identifiers. */
  readonly properties: PublishProperties | undefined;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
}

export class Message {
  readonly topic: string;
  readonly qos: QoS;
  readonly retain: boolean;
  readonly properties: PublishProperties | undefined;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  /** Milliseconds since 1970; `Infinity` without an expiry. */
  readonly expiresAt: number;
  #payload: Uint8Array;
  #isOwn = false;
  /** The bytes of its QoS 0 form: 3.1.1, 3.1.1 retained, 5.0, 5.0 retained. */
  readonly #frames: (Uint8Array | undefined)[] = [undefined, undefined, undefined, undefined];

  constructor({ topic, payload, qos, retain, properties, receivedAt }: MessageFacts) {
    const expirySeconds = properties?.messageExpirySeconds;
    this.topic = topic;
    this.#payload = payload;
    this.qos = qos;
    this.retain = retain;
    this.properties = properties;
    this.receivedAt = receivedAt;
    this.expiresAt = expirySeconds === undefined ? Infinity : receivedAt + expirySeconds * 1000;
  }

  get payload(): Uint8Array {
    return this.#payload;
  }

  /** What it counts for in limits. */
  get bytes(): number {
    return this.topic.length + this.#payload.length;
  }

  /** To be called before it is kept: a payload that is a small part of a chunk would keep the whole chunk. */
  own(): void {
    if (this.#isOwn) return;
    this.#isOwn = true;
    if (this.#payload.length * 2 < this.#payload.buffer.byteLength) this.#payload = this.#payload.slice();
  }

  /** Its QoS 0 form, encoded once for all who get the same bytes right now. */
  frame(version: ProtocolVersion, retain: boolean): Uint8Array {
    const slot = (version === '5.0' ? 2 : 0) + (retain ? 1 : 0);
    const known = this.#frames[slot];
    if (known) return known;
    const { topic, payload, properties } = this;
    const packet: PublishPacket = { type: 'publish', topic, payload, qos: 0, retain, dup: false };
    const frame = encode(version === '5.0' && properties ? { ...packet, properties } : packet, version);
    this.#frames[slot] = frame;
    return frame;
  }

  /** The same in memory of its own, without the bytes that were encoded for others: what is kept should be small. */
  kept(): Message {
    this.own();
    return new Message(this);
  }

  /** The properties to send: the expiry less the time that the message has waited [MQTT-3.3.2-6]. */
  propertiesAt(now: number, subscriptionIdentifiers: readonly number[] | undefined): PublishProperties | undefined {
    if (this.expiresAt === Infinity && subscriptionIdentifiers === undefined) return this.properties;
    return {
      ...this.properties,
      ...(this.expiresAt !== Infinity && {
        messageExpirySeconds: Math.max(0, Math.ceil((this.expiresAt - now) / 1000)),
      }),
      ...(subscriptionIdentifiers && { subscriptionIdentifiers }),
    };
  }
}
