/** The last retained message of each topic. */
import { topicMatches } from '@omqtt/codec';
import type { Message } from './message.ts';

export interface RetainedLimits {
  readonly retainedMessages: number;
  readonly retainedBytes: number;
}

export class RetainedMessages {
  readonly #byTopic = new Map<string, Message>();
  #bytes = 0;

  get size(): number {
    return this.#byTopic.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Replaces what the topic had [MQTT-3.3.1-5]; false when there is no room, and the old one stays. */
  store(message: Message, limits: RetainedLimits, now: number): boolean {
    const old = this.#byTopic.get(message.topic);
    if (!this.#hasRoom(message, old, limits)) {
      this.#dropExpired(now);
      if (!this.#hasRoom(message, this.#byTopic.get(message.topic), limits)) return false;
    }
    this.remove(message.topic);
    this.#byTopic.set(message.topic, message.kept());
    this.#bytes += message.bytes;
    return true;
  }

  remove(topic: string): void {
    const old = this.#byTopic.get(topic);
    if (!old) return;
    this.#byTopic.delete(topic);
    this.#bytes -= old.bytes;
  }

  clear(): void {
    this.#byTopic.clear();
    this.#bytes = 0;
  }

  /** Those that match and have not expired. */
  matching(filter: string, now: number): Message[] {
    const hasWildcard = filter.includes('+') || filter.includes('#');
    const candidates = hasWildcard ? this.#byTopic.values() : [this.#byTopic.get(filter)];
    const found: Message[] = [];
    for (const message of candidates) {
      if (!message || message.expiresAt <= now) continue;
      if (!hasWildcard || topicMatches(filter, message.topic)) found.push(message);
    }
    return found;
  }

  all(now: number): Message[] {
    return [...this.#byTopic.values()].filter(({ expiresAt }) => expiresAt > now);
  }

  #hasRoom(message: Message, old: Message | undefined, limits: RetainedLimits): boolean {
    const count = this.#byTopic.size + (old ? 0 : 1);
    const bytes = this.#bytes + message.bytes - (old?.bytes ?? 0);
    return count <= limits.retainedMessages && bytes <= limits.retainedBytes;
  }

  #dropExpired(now: number): void {
    for (const [topic, message] of this.#byTopic) if (message.expiresAt <= now) this.remove(topic);
  }
}
