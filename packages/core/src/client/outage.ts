/** The time without a connection that lasts: what was tried, and how long to wait. It ends with a connection that lasts. */
import { MalformedPacketError, type MqttError, type ProtocolVersion } from '@omqtt/codec';
import { backoffMs } from './backoff.ts';
import { ContestedClientIdError } from './errors.ts';
import type { ResolvedOptions, ResolvedReconnect } from './resolve-options.ts';

/** One or two are a server that restarts. */
const SUSPICIOUS_ENDS = 3;

export interface ConnectionEnd {
  readonly livedMs: number;
  readonly error: MqttError;
  readonly version: ProtocolVersion;
}

export class Outage {
  readonly #reconnect: false | ResolvedReconnect;
  readonly #random: () => number;
  #attempt = 0;
  #failures = 0;
  /** Connections in a row that ended soon, and nobody said why. */
  #shortLived = 0;
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
    this.#shortLived = 0;
    this.#lastError = undefined;
  }

  nextAttempt(): void {
    this.#attempt += 1;
  }

  /** One that did not last does not make the server healthy. Returns what it ended for, as far as this side can know. */
  connectionEnded({ livedMs, error, version }: ConnectionEnd): MqttError {
    // It stood only for the time that the messages were held.
    if (this.isLong(livedMs) && error.code !== 'undeclared-messages') {
      this.#attempt = 0;
      this.#failures = 0;
      this.#shortLived = 0;
      return error;
    }
    // A server of 5.0 says it when another client takes the session over (0x8E).
    this.#shortLived = version === '3.1.1' && error.code === 'connection-lost' ? this.#shortLived + 1 : 0;
    return this.#shortLived < SUSPICIOUS_ENDS ? error : new ContestedClientIdError(this.#shortLived, error);
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
