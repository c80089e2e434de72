/** What the client does when the platform tells that the network, or the machine, may have come back. */
import type { Session } from '../session/index.ts';
import type { Connector } from './connector.ts';
import type { Driver } from './driver.ts';
import type { ClientWiring } from './options.ts';

/** However often the platform tells, there is no more than one ping in this time. */
const CALM_MS = 1000;

export interface NetworkWatchParts {
  readonly wiring: ClientWiring;
  readonly session: Session;
  readonly driver: Driver;
  readonly connector: Connector;
}

export class NetworkWatch {
  readonly #parts: NetworkWatchParts;
  readonly #stop: (() => void) | undefined;
  #pingedAt = -Infinity;

  constructor(parts: NetworkWatchParts) {
    this.#parts = parts;
    this.#stop = parts.wiring.watchNetwork?.(() => this.#changed());
  }

  stop(): void {
    this.#stop?.();
  }

  #changed(): void {
    const { session, driver, connector } = this.#parts;
    if (!session.isConnected) {
      connector.hurry();
      return;
    }
    // Either way of the clock: one that was set back must not silence the pings.
    if (Math.abs(driver.now - this.#pingedAt) < CALM_MS) return;
    this.#pingedAt = driver.now;
    // Nobody waits for the answer, but the connection ends when it does not come.
    session.ping(0, driver.now);
    driver.schedule();
  }
}
