/** What was read of topics lately, for callers to whom a value of some age is good enough. The oldest gives way. */
import type { Message } from 'omqtt';
import type { RetainedConfig } from '../config/bridge-config.ts';

export interface ReadValue {
  readonly message: Message;
  /** In milliseconds since 1970. */
  readonly readAt: number;
}

export class LastValues {
  readonly #config: RetainedConfig;
  readonly #values = new Map<string, ReadValue>();
  #bytes = 0;

  constructor(config: RetainedConfig) {
    this.#config = config;
  }

  get size(): number {
    return this.#values.size;
  }

  get(topic: string, maximumAgeMs: number, now: number = Date.now()): ReadValue | undefined {
    const value = this.#values.get(topic);
    return value !== undefined && now - value.readAt <= maximumAgeMs ? value : undefined;
  }

  /** Undefined: nothing is retained any more. */
  note(topic: string, value: ReadValue | undefined): void {
    this.#forget(topic);
    if (value === undefined) return;
    this.#values.set(topic, value);
    this.#bytes += bytesOf(value);
    const { maximumMessages, maximumBytes } = this.#config;
    while (this.#values.size > maximumMessages || this.#bytes > maximumBytes) {
      const [oldest = ''] = this.#values.keys();
      this.#forget(oldest);
    }
  }

  #forget(topic: string): void {
    const value = this.#values.get(topic);
    if (value === undefined) return;
    this.#values.delete(topic);
    this.#bytes -= bytesOf(value);
  }
}

function bytesOf({ message: { topic, payload } }: ReadValue): number {
  return topic.length + payload.length;
}
