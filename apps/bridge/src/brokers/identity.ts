/** The connections of one caller to one broker, and how many things use them. */
import type { PublishConfig } from '../config/bridge-config.ts';
import { BridgeProblem } from '../problems/problem.ts';
import type { LinkParts } from './broker-link.ts';
import { BrokerPool } from './broker-pool.ts';

export class Identity {
  readonly pool: BrokerPool;
  usedAt = Date.now();
  wasAdmitted = false;
  readonly #outcome: Promise<void>;
  #holds = 0;
  #isClosed = false;

  constructor(parts: LinkParts, limits: PublishConfig) {
    this.pool = new BrokerPool(parts, limits);
    this.#outcome = this.pool.firstOutcome();
    void this.#awaitOutcome();
    this.pool.start();
  }

  /** In use until then. */
  async #awaitOutcome(): Promise<void> {
    const release = this.hold();
    try {
      await this.#outcome;
      this.wasAdmitted = true;
    } catch {
      // Whoever waits hears of it.
    } finally {
      release();
    }
  }

  /** Resolves when the broker has let it in; all who come meanwhile wait for the same answer. */
  async admitted(timeoutMs: number): Promise<void> {
    if (this.pool.isConnected) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      const detail = `the broker has not answered within ${timeoutMs} ms`;
      timer = setTimeout(() => {
        reject(new BridgeProblem('broker-unavailable', { detail, retryAfterMs: 1000 }));
      }, timeoutMs);
    });
    try {
      await Promise.race([this.#outcome, late]);
    } finally {
      clearTimeout(timer);
    }
    // It was let in before, and now it is not.
    if (!this.pool.isConnected) throw this.pool.outage();
  }

  get isHeld(): boolean {
    return this.#holds > 0;
  }

  get isShutOut(): boolean {
    return !this.pool.isConnected;
  }

  /** Something uses it until it calls what this returns. */
  hold(): () => void {
    this.#holds += 1;
    let isHeld = true;
    return () => {
      if (isHeld) this.#holds -= 1;
      isHeld = false;
      this.usedAt = Date.now();
    };
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.pool.close(0);
  }
}
