/** All open streams: how many there may be, their heartbeats and their age, and their end when the bridge ends. */
import type { Principal } from '../access/principal.ts';
import type { StreamsConfig } from '../config/bridge-config.ts';
import type { Histogram } from '../ops/metrics.ts';
import { BridgeProblem } from '../problems/problem.ts';
import type { ByeReason } from './stream-output.ts';

/** Whatever stays open: an event stream, a socket, a question that waits for a change. */
export interface LongLived {
  /** How long its reader has taken nothing. */
  readonly fullForMs: number;
  /** What it was sent, and the network has not taken. */
  readonly waitingBytes: number;
  /** Shows that someone is here, unless something else did within the interval. */
  beat(intervalMs: number): void;
  /** Ends it, and says why. */
  bye(reason: ByeReason): void;
  onClose(listener: () => void): void;
}

/** `wait`: a question that waits for a change. */
export const STREAM_MODES = ['live', 'session', 'socket', 'wait'] as const;
export type StreamMode = (typeof STREAM_MODES)[number];

interface OpenStream {
  readonly mode: StreamMode;
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
  readonly #lagBytes: Histogram;
  readonly #tick: NodeJS.Timeout;

  constructor(config: StreamsConfig, lagBytes: Histogram) {
    this.#config = config;
    this.#lagBytes = lagBytes;
    this.#tick = setInterval(() => this.#look(), TICK_MS);
    this.#tick.unref();
  }

  countOf(mode: StreamMode): number {
    let count = 0;
    for (const stream of this.#streams) if (stream.mode === mode) count += 1;
    return count;
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
  add(output: LongLived, principal: Principal, mode: StreamMode): void {
    // ± 20 %, so that those who came together do not come back together.
    const age = this.#config.maximumAgeMs * (0.8 + Math.random() * 0.4);
    const stream = { mode, output, principal, endsAt: Date.now() + age };
    this.#streams.add(stream);
    output.onClose(() => this.#streams.delete(stream));
  }

  closeAll(): void {
    clearInterval(this.#tick);
    for (const { output } of this.#streams) output.bye('draining');
  }

  #look(): void {
    const now = Date.now();
    for (const { mode, output, principal, endsAt } of this.#streams) {
      if (mode !== 'wait') this.#lagBytes.observe(output.waitingBytes);
      if (now >= principal.expiresAt) output.bye('token-expired');
      else if (now >= endsAt) output.bye('max-age');
      else if (output.fullForMs > STALLED_MS) output.bye('too-slow');
      else output.beat(this.#config.heartbeatMs);
    }
  }
}
