/**
 * Callers who come with credentials of the broker: each has its own connections there, so the broker decides what they may.
 * Opened when they first come, shared by all their requests, and closed when nothing was asked for a while. Who was
 * refused is refused for a moment without asking again, so that a guesser does not become the broker's trouble.
 */
import type { Logger } from 'omqtt';
import type { BasicCredentials } from '../access/basic-credentials.ts';
import type { BasicConfig } from '../access/access-config.ts';
import type { BrokerCounts } from './broker-counts.ts';
import type { BridgeConfig, BridgeParts } from '../config/bridge-config.ts';
import { connackProblem } from '../problems/connack-problem.ts';
import { BridgeProblem } from '../problems/problem.ts';
import type { BrokerPool } from './broker-pool.ts';
import { Identity } from './identity.ts';

export interface IdentitiesParts extends BridgeParts {
  readonly config: BridgeConfig;
  readonly logger: Logger;
  readonly counts: BrokerCounts;
  /** Whatever was made for a pool has to go with it. */
  readonly onClose: (pool: BrokerPool) => void;
}

interface Refusal {
  readonly problem: BridgeProblem;
  readonly until: number;
}

const MAXIMUM_REFUSALS = 1000;
const SWEEP_MS = 1000;

export class Identities {
  readonly #parts: IdentitiesParts;
  readonly #config: BasicConfig;
  /** By broker and credentials, the one that was used longest ago first. */
  readonly #identities = new Map<string, Identity>();
  readonly #byPool = new Map<BrokerPool, Identity>();
  readonly #refusals = new Map<string, Refusal>();
  readonly #sweeper: NodeJS.Timeout;

  constructor(parts: IdentitiesParts) {
    this.#parts = parts;
    this.#config = parts.config.access.basic;
    this.#sweeper = setInterval(() => this.#sweep(), SWEEP_MS);
    this.#sweeper.unref();
  }

  get size(): number {
    return this.#identities.size;
  }

  /** Resolves when the broker has let them in. Rejects with what it said otherwise. */
  async admit(broker: string, credentials: BasicCredentials): Promise<BrokerPool> {
    const key = `${broker} ${credentials.key}`;
    const refusal = this.#refusals.get(key);
    if (refusal !== undefined && refusal.until > Date.now()) throw refusal.problem;
    const identity = this.#identities.get(key) ?? this.#begin(broker, credentials);
    this.#touch(key, identity);
    try {
      await identity.admitted(this.#parts.config.brokers[broker]?.connectTimeoutMs ?? 0);
    } catch (error) {
      throw this.#refused(key, identity, error);
    }
    return identity.pool;
  }

  /** Keeps the connections open until what this returns is called; undefined when they are closed already. */
  hold(pool: BrokerPool): (() => void) | undefined {
    return this.#byPool.get(pool)?.hold();
  }

  async close(): Promise<void> {
    clearInterval(this.#sweeper);
    this.#refusals.clear();
    this.#identities.clear();
    await Promise.all([...this.#byPool.values()].map((identity) => this.#end(identity)));
  }

  #begin(broker: string, credentials: BasicCredentials): Identity {
    this.#makeRoom();
    const { config, logger, dial, counts } = this.#parts;
    const base = config.brokers[broker];
    if (base === undefined) {
      throw new BridgeProblem('broker-unknown', `there is no broker named ${JSON.stringify(broker)}`);
    }
    const { username, password } = credentials;
    const own = { ...base, username, password, connections: 1 };
    const identity = new Identity({ name: broker, config: own, dial, logger, counts }, config.publish);
    this.#byPool.set(identity.pool, identity);
    return identity;
  }

  #touch(key: string, identity: Identity): void {
    this.#identities.delete(key);
    this.#identities.set(key, identity);
    identity.usedAt = Date.now();
  }

  #refused(key: string, identity: Identity, error: unknown): unknown {
    const problem = error instanceof BridgeProblem ? connackProblem(error) : error;
    const isRefusal = problem !== error;
    // A broker that is not there has refused nobody, and who was let in before waits for it with all that is open.
    if (isRefusal && problem instanceof BridgeProblem) this.#remember(key, problem);
    if (!isRefusal && identity.wasAdmitted) return problem;
    if (this.#identities.get(key) === identity) this.#identities.delete(key);
    void this.#end(identity);
    return problem;
  }

  #remember(key: string, problem: BridgeProblem): void {
    const [oldest] = this.#refusals.keys();
    if (this.#refusals.size >= MAXIMUM_REFUSALS && oldest !== undefined) this.#refusals.delete(oldest);
    // ± 50 %, so that those who were refused together do not come back together.
    this.#refusals.set(key, { problem, until: Date.now() + this.#config.refusedMs * (0.5 + Math.random()) });
  }

  /** The one that was used longest ago gives way, unless something of it is open. */
  #makeRoom(): void {
    if (this.#identities.size < this.#config.maximumIdentities) return;
    for (const [key, identity] of this.#identities) {
      if (identity.isHeld) continue;
      this.#identities.delete(key);
      void this.#end(identity);
      return;
    }
    const detail = `${this.#identities.size} callers have connections of their own`;
    throw new BridgeProblem('overloaded', { detail, retryAfterMs: 1000 });
  }

  #sweep(): void {
    const before = Date.now() - this.#config.idleMs;
    for (const [key, identity] of this.#identities) {
      // What was let in may be shut out meanwhile: the next request asks again.
      if (identity.isHeld || (identity.usedAt > before && !identity.isShutOut)) continue;
      this.#identities.delete(key);
      void this.#end(identity);
    }
  }

  async #end(identity: Identity): Promise<void> {
    this.#byPool.delete(identity.pool);
    this.#parts.onClose(identity.pool);
    await identity.close();
  }
}
