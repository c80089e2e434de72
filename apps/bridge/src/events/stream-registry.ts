/** All open streams: how many there may be, their heartbeats and their age, and their end when the bridge ends. */
import type { StreamsConfig } from '../config/bridge-config.ts';
import { BridgeProblem } from '../problems/problem.ts';
import type { StreamOutput } from './stream-output.ts';

interface OpenStream {
  readonly output: StreamOutput;
  readonly endsAt: number;
}

const TICK_MS = 1000;
/** A reader whose connection takes nothing for so long is gone. */
const STALLED_MS = 60_000;

export class StreamRegistry {
  readonly #config: StreamsConfig;
  readonly #streams = new Set<OpenStream>();
  readonly #tick: NodeJS.Timeout;

  constructor(config: StreamsConfig) {
    this.#config = config;
    this.#tick = setInterval(() => this.#look(), TICK_MS);
    this.#tick.unref();
  }

  get size(): number {
    return this.#streams.size;
  }

  /** Before anything is sent. */
  checkRoom(): void {
    if (this.#streams.size < this.#config.maximumStreams) return;
    throw new BridgeProblem('stream-limit', { detail: `${this.#streams.size} streams are open`, retryAfterMs: 5000 });
  }

  /** `expiresAt`: when the right to read ends. */
  add(output: StreamOutput, expiresAt = Infinity): void {
    // ± 20 %, so that those who came together do not come back together.
    const age = this.#config.maximumAgeMs * (0.8 + Math.random() * 0.4);
    const stream = { output, endsAt: Math.min(Date.now() + age, expiresAt) };
    this.#streams.add(stream);
    output.onClose(() => this.#streams.delete(stream));
  }

  closeAll(): void {
    clearInterval(this.#tick);
    for (const { output } of this.#streams) output.bye('draining');
  }

  #look(): void {
    const now = Date.now();
    for (const { output, endsAt } of this.#streams) {
      if (now >= endsAt) output.bye('max-age');
      else if (output.fullForMs > STALLED_MS) output.bye('too-slow');
      else output.beat(this.#config.heartbeatMs);
    }
  }
}
