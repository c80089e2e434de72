/**
 * How much a caller may send: the generic cell rate algorithm, once for messages and once for bytes. It needs one number
 * for each, the time at which everything that was sent would have been due.
 */
import { BridgeProblem } from '../problems/problem.ts';
import type { AllowanceConfig } from './access-config.ts';

export class Allowance {
  readonly #messages: Rate | undefined;
  readonly #bytes: Rate | undefined;
  /** What it is, which does not change. */
  readonly policy: string;

  constructor(config: AllowanceConfig) {
    const { messagesPerSecond, messageBurst, bytesPerSecond, byteBurst } = config;
    this.#messages = messagesPerSecond === undefined ? undefined : new Rate(messagesPerSecond, messageBurst);
    this.#bytes = bytesPerSecond === undefined ? undefined : new Rate(bytesPerSecond, byteBurst);
    const rates = { messages: this.#messages, bytes: this.#bytes };
    this.policy = Object.entries(rates)
      .flatMap(([name, rate]) => (rate === undefined ? [] : [`"${name}";q=${rate.burst};w=${rate.windowSeconds}`]))
      .join(', ');
  }

  get isLimited(): boolean {
    return this.#messages !== undefined || this.#bytes !== undefined;
  }

  /** Takes both or nothing. Throws with the time to wait. */
  spend(messages: number, bytes: number, now: number = performance.now()): void {
    const messagesWaitMs = this.#messages?.waitFor(messages, now) ?? 0;
    const bytesWaitMs = this.#bytes?.waitFor(bytes, now) ?? 0;
    if (messagesWaitMs > 0 || bytesWaitMs > 0) throw this.#refusal({ messages, bytes, messagesWaitMs, bytesWaitMs });
    this.#messages?.take(messages, now);
    this.#bytes?.take(bytes, now);
  }

  /** `RateLimit` and `RateLimit-Policy`, of the draft of the IETF (11). */
  headers(now: number = performance.now()): Record<string, string> {
    return { 'ratelimit-policy': this.policy, ratelimit: this.state(now) };
  }

  /** What is left. */
  state(now: number = performance.now()): string {
    const messages = this.#messages === undefined ? '' : `"messages";${this.#messages.state(now)}`;
    if (this.#bytes === undefined) return messages;
    return `${messages === '' ? '' : `${messages}, `}"bytes";${this.#bytes.state(now)}`;
  }

  #refusal({ messages, bytes, messagesWaitMs, bytesWaitMs }: Wanted): BridgeProblem {
    const waitMs = Math.max(messagesWaitMs, bytesWaitMs);
    // What is more than the burst will never pass.
    const isHopeless = messages > (this.#messages?.burst ?? Infinity) || bytes > (this.#bytes?.burst ?? Infinity);
    return new BridgeProblem('rate-limited', {
      detail: isHopeless
        ? 'this is more than is allowed at once'
        : `the allowance is used up for ${Math.ceil(waitMs)} ms`,
      headers: this.headers(),
      extra: { limit: messagesWaitMs >= bytesWaitMs ? 'messages' : 'bytes' },
      ...(!isHopeless && { retryAfterMs: Math.ceil(waitMs) }),
    });
  }
}

interface Wanted {
  readonly messages: number;
  readonly bytes: number;
  readonly messagesWaitMs: number;
  readonly bytesWaitMs: number;
}

class Rate {
  readonly burst: number;
  readonly #intervalMs: number;
  /** When all that was taken would be due. */
  #dueAt = 0;

  constructor(perSecond: number, burst: number = perSecond) {
    this.burst = burst;
    this.#intervalMs = 1000 / perSecond;
  }

  get windowSeconds(): number {
    return Math.max(1, Math.ceil((this.burst * this.#intervalMs) / 1000));
  }

  waitFor(amount: number, now: number): number {
    return Math.max(this.#dueAt, now) + amount * this.#intervalMs - now - this.burst * this.#intervalMs;
  }

  take(amount: number, now: number): void {
    this.#dueAt = Math.max(this.#dueAt, now) + amount * this.#intervalMs;
  }

  state(now: number): string {
    const usedMs = Math.max(0, this.#dueAt - now);
    return `r=${Math.max(0, Math.floor(this.burst - usedMs / this.#intervalMs))};t=${Math.ceil(usedMs / 1000)}`;
  }
}
