/** The time without a connection that lasts: what was tried, and how long to wait. It ends with a connection that lasts. */
import { MalformedPacketError, type MqttError } from '@omqtt/codec';
import { backoffMs } from './backoff.ts';
import type { ResolvedOptions, ResolvedReconnect } from './resolve-options.ts';

export class Outage {
  readonly #reconnect: false | ResolvedReconnect;
  readonly #random: () => number;
  #attempt = 0;
  #failures = 0;
  #lastError: MqttError | undefined;

  constructor({ reconnect, random }: Pick<ResolvedOptions, 'reconnect' | 'random'>) {
    this.#reconnect = reconnect;
    this.#random = random;
  }

  /** Counts the attempts from 1; 0 before the first. */
  get attempt(): number {
    return this.#attempt;
  }

  get lastError(): MqttError | undefined {
    return this.#lastError;
  }

  /** Nothing was tried yet. */
  begin(): void {
    this.#attempt = 0;
    this.#failures = 0;
    this.#lastError = undefined;
  }

  nextAttempt(): void {
    this.#attempt += 1;
  }

  /** A connection stood for so long. One that did not last does not make the server healthy. */
  connectionEnded(livedMs: number): void {
    if (!this.isLong(livedMs)) return;
    this.#attempt = 0;
    this.#failures = 0;
  }

  isLong(livedMs: number): boolean {
    return this.#reconnect === false || livedMs >= this.#reconnect.stableMs;
  }

  /** The next attempt is the same one, only better. */
  changeCourse(error: MqttError): void {
    this.#lastError = error;
    this.#attempt -= 1;
  }

  /** How long to wait before the next attempt; throws the error when there is none to come. */
  delayAfter(error: MqttError): number {
    const reconnect = this.#reconnect;
    this.#lastError = error;
    if (reconnect === false || this.#attempt >= reconnect.maxAttempts) throw error;
    // What was garbled once, by whatever stands between here and the server, may be sound the next time.
    const mayHelp = error.retryable || error instanceof MalformedPacketError;
    const shouldRetry = reconnect.shouldRetry?.(error) ?? mayHelp;
    if (!shouldRetry) throw error;
    this.#failures += 1;
    return backoffMs(reconnect, this.#failures, this.#random());
  }
}
