/** Topic aliases, both directions. Both tables die with the connection (§3.3.2.3.4). */
import { ProtocolError } from './errors.ts';
import { SparseMap } from './sparse-tables.ts';

/** What to write instead of the full topic. */
export interface AliasedTopic {
  /** Empty when the peer knows the alias already. */
  readonly topic: string;
  readonly alias: number;
}

/** Aliases that this side gives, at most as many as the server accepts; the least recently used makes room. */
export class OutboundAliases {
  readonly #maximum: number;
  /** The topic used last stands last. */
  readonly #aliases = new SparseMap<string, number>();

  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  get isAvailable(): boolean {
    return this.#maximum > 0;
  }

  /** The caller has seen that aliases are available. */
  use(topic: string): AliasedTopic {
    const known = this.#aliases.get(topic);
    if (known !== undefined) {
      this.#aliases.delete(topic);
      this.#aliases.set(topic, known);
      return { topic: '', alias: known };
    }
    const alias = this.#aliases.size < this.#maximum ? this.#aliases.size + 1 : this.#evict();
    this.#aliases.set(topic, alias);
    return { topic, alias };
  }

  #evict(): number {
    for (const [topic, alias] of this.#aliases.entries()) {
      this.#aliases.delete(topic);
      return alias;
    }
    // A full table has an entry.
    throw new Error('no alias to evict');
  }
}

/** Aliases that the server gives, within what this side announced. */
export class InboundAliases {
  readonly #maximum: number;
  readonly #topics = new SparseMap<number, string>();

  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  /** The full topic of a message. An alias may be given again for another topic. */
  resolve(topic: string, alias: number | undefined): string {
    if (alias === undefined) return topic;
    if (alias > this.#maximum) {
      throw new ProtocolError({
        message: `topic alias ${alias} is above the announced maximum of ${this.#maximum}`,
        reasonCode: 0x94,
        statement: this.#maximum === 0 ? 'MQTT-3.1.2-27' : 'MQTT-3.1.2-26',
      });
    }
    if (topic !== '') {
      this.#topics.set(alias, topic);
      return topic;
    }
    const known = this.#topics.get(alias);
    if (known === undefined) throw new ProtocolError({ message: `topic alias ${alias} was never given a topic` });
    return known;
  }
}
