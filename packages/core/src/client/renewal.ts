/** Renews credentials and tokens on a live connection before they expire. */
import type { Logger } from '@omqtt/contracts';
import type { Authenticator } from './authenticator.ts';
import type { ResolvedOptions } from './resolve-options.ts';

export interface RenewalParts {
  readonly options: ResolvedOptions;
  readonly logger: Logger;
  readonly authenticator: Authenticator;
}

/** No more often, whatever the life of a token: a server that wants it shorter ends the connection itself. */
const LEAST_MS = 10_000;

export class Renewal {
  readonly #parts: RenewalParts;
  /** Ends the connection in order, and makes the next one with fresh credentials. */
  readonly #reconnect: () => void;
  #stopTimer: (() => void) | undefined;

  constructor(parts: RenewalParts, reconnect: () => void) {
    this.#parts = parts;
    this.#reconnect = reconnect;
  }

  /** The connection stands. What it was made with expires then, in milliseconds since 1970; the mechanism knows of its own. */
  plan(credentialsExpireAt: number = Infinity): void {
    this.stop();
    const { options, logger } = this.#parts;
    const { clock, random, given, reconnect } = options;
    const tokenExpiresAt = given.auth?.expiresAt ?? Infinity;
    const expiresAt = Math.min(tokenExpiresAt, credentialsExpireAt);
    if (expiresAt === Infinity) return;
    const now = clock.now();
    const leftMs = expiresAt - now;
    if (!(leftMs > 0)) {
      logger.warn('the server took credentials that have expired: `expiresAt` is in milliseconds since 1970', {
        expiresAt,
      });
      return;
    }
    const isToken = tokenExpiresAt <= credentialsExpireAt;
    if (!isToken && reconnect === false) return;
    // Not all of a fleet that started together at once.
    const waitMs = Math.max(LEAST_MS, leftMs * (EARLIEST + SPREAD * random()));
    const renew = isToken ? () => void this.#authenticate(credentialsExpireAt) : this.#reconnect;
    this.#stopTimer = clock.wakeAt(now + waitMs, renew);
  }

  /** The connection has ended. */
  stop(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
  }

  async #authenticate(credentialsExpireAt: number): Promise<void> {
    const { options, authenticator, logger } = this.#parts;
    this.#stopTimer = undefined;
    try {
      await authenticator.reauthenticate({ timeoutMs: options.connectTimeoutMs });
      this.plan(credentialsExpireAt);
    } catch (error) {
      // Perhaps the connection has ended; then there is nothing left to do.
      logger.warn('authenticating again ahead of the expiry failed', { error });
      if (options.reconnect !== false) this.#reconnect();
    }
  }
}

/** Between 80 and 90 % of the time that is left. */
const EARLIEST = 0.8;
const SPREAD = 0.1;
