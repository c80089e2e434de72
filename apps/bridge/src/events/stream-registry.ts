/** All open streams: how many there may be, their heartbeats and their age, and their end when the bridge ends. */
import type { Principal } from '../access/principal.ts';
import type { StreamsConfig } from '../config/bridge-config.ts';
import { BridgeProblem } from '../problems/problem.ts';
import type { ByeReason } from './stream-output.ts';

/** Whatever stays open: an event stream, a socket, a question that waits for a change. */
export interface LongLived {
  /** How long its reader has taken nothing. */
  readonly fullForMs: number;
  /** Shows that someone is here, unless something else did within the interval. */
  beat(intervalMs: number): void;
  /** Ends it, and says why. */
  bye(reason: ByeReason): void;
  onClose(listener: () => void): void;
}

interface OpenStream {
  readonly output: LongLived;
  readonly principal: Principal;
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
  checkRoom({ id, maximumStreams }: Principal): void {
    if (Number.isFinite(maximumStreams)) {
      const own = [...this.#streams].filter(({ principal }) => principal.id === id).length;
      if (own >= maximumStreams) {
        throw new BridgeProblem('stream-limit', { detail: `${own} of your streams are open`, retryAfterMs: 5000 });
      }
    }
    if (this.#streams.size < this.#config.maximumStreams) return;
    throw new BridgeProblem('stream-limit', { detail: `${this.#streams.size} streams are open`, retryAfterMs: 5000 });
  }

  /** It ends at the latest when the right to read does. */
  add(output: LongLived, principal: Principal): void {
    // ± 20 %, so that those who came together do not come back together.
    const age = this.#config.maximumAgeMs * (0.8 + Math.random() * 0.4);
    const stream = { output, principal, endsAt: Date.now() + age };
    this.#streams.add(stream);
    output.onClose(() => this.#streams.delete(stream));
  }

  closeAll(): void {
    clearInterval(this.#tick);
    for (const { output } of this.#streams) output.bye('draining');
  }

  #look(): void {
    const now = Date.now();
    for (const { output, principal, endsAt } of this.#streams) {
      if (now >= principal.expiresAt) output.bye('token-expired');
      else if (now >= endsAt) output.bye('max-age');
      else if (output.fullForMs > STALLED_MS) output.bye('too-slow');
      else output.beat(this.#config.heartbeatMs);
    }
  }
}
