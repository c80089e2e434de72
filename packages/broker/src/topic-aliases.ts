/** Numbers instead of topics, for as long as one connection lives (§3.3.2.3.4). */
import { PacketTooLargeError, type PublishPacket } from '@omqtt/codec';

/** Those that the client has set [MQTT-3.3.2-12]. */
export class InboundAliases {
  readonly #maximum: number;
  readonly #topics = new Map<number, string>();

  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  /** The topic that is meant, or the reason code of what is wrong. */
  resolve({ topic, properties }: PublishPacket): string | number {
    const alias = properties?.topicAlias;
    if (alias === undefined) return topic;
    if (alias > this.#maximum) return 0x94;
    if (topic === '') return this.#topics.get(alias) ?? 0x82;
    this.#topics.set(alias, topic);
    return topic;
  }
}

/** Those that the broker sets: the first topics that come get one, and keep it. */
export class OutboundAliases {
  readonly #maximum: number;
  readonly #aliases = new Map<string, number>();

  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  /** `send` gets the packet with its alias; what is new counts only when it has been sent. */
  apply(packet: PublishPacket, send: (packet: PublishPacket) => void): void {
    const { topic, properties } = packet;
    const known = this.#aliases.get(topic);
    const topicAlias = known ?? this.#aliases.size + 1;
    if (topicAlias > this.#maximum) {
      send(packet);
      return;
    }
    if (known !== undefined) {
      send({ ...packet, topic: '', properties: { ...properties, topicAlias } });
      return;
    }
    try {
      send({ ...packet, properties: { ...properties, topicAlias } });
      this.#aliases.set(topic, topicAlias);
    } catch (error) {
      // The alias itself can be what makes it too large.
      if (!(error instanceof PacketTooLargeError)) throw error;
      send(packet);
    }
  }
}
