/** A store that fails when the test says so. */
import type { SessionStore, StoreChange, StoredSession, StoreError } from '@omqtt/contracts';

export interface FaultPlan {
  /** Which commits fail, counted from 1 over the life of this store: nothing of them is kept. */
  readonly failCommits?: readonly number[] | ((number: number) => boolean);
  /** Whether `open` fails. */
  readonly failOpen?: boolean;
  /** Commits wait for `release` from the beginning. */
  readonly holdCommits?: boolean;
  /** What to fail with. Default: `store-failed`, not retryable. */
  readonly error?: StoreError;
}

export interface FaultyStore extends SessionStore {
  /** How many commits were asked for. */
  readonly commits: number;
  /** The commits that wait for `release`. */
  readonly held: number;
  /** From now on commits wait. */
  hold(): void;
  /** Carries out what waits, in order: so many, or all and from now on without waiting. */
  release(count?: number): Promise<void>;
}

/** A store that fails when it is told to. */
export function faultyStore(store: SessionStore, plan: FaultPlan = {}): FaultyStore {
  return new StoreWithFaults(store, plan);
}

/** A `StoreError` made by hand. */
export function storeError(code: StoreError['code'], message: string = `The test says ${code}`): StoreError {
  return new StoreFailure(code, message);
}

class StoreFailure extends Error implements StoreError {
  override readonly name = 'StoreFailure';
  readonly code: StoreError['code'];
  readonly retryable: boolean;

  constructor(code: StoreError['code'], message: string) {
    super(message);
    this.code = code;
    this.retryable = code === 'store-locked' || code === 'store-full';
  }
}

class StoreWithFaults implements FaultyStore {
  readonly #store: SessionStore;
  readonly #plan: FaultPlan;
  readonly #held: (() => void)[] = [];
  #commits = 0;
  #isHolding: boolean;

  constructor(store: SessionStore, plan: FaultPlan) {
    this.#store = store;
    this.#plan = plan;
    this.#isHolding = plan.holdCommits ?? false;
  }

  get isDurable(): boolean {
    return this.#store.isDurable;
  }

  get commits(): number {
    return this.#commits;
  }

  get held(): number {
    return this.#held.length;
  }

  async open(clientId: string): Promise<StoredSession> {
    if (this.#plan.failOpen === true) throw this.#error();
    return this.#store.open(clientId);
  }

  commit(changes: readonly StoreChange[]): Promise<void> | void {
    this.#commits += 1;
    const number = this.#commits;
    if (!this.#isHolding && this.#held.length === 0) return this.#carryOut(number, changes);
    // The order of commits is the order of the calls, also where the later ones need not wait.
    return new Promise<void>((resolve) => this.#held.push(resolve)).then(() => this.#carryOut(number, changes));
  }

  hold(): void {
    this.#isHolding = true;
  }

  async release(count = Infinity): Promise<void> {
    if (count === Infinity) this.#isHolding = false;
    for (let released = 0; released < count; released += 1) {
      const next = this.#held.shift();
      if (next === undefined) return;
      next();
      await Promise.resolve();
    }
  }

  async close(): Promise<void> {
    await this.release();
    await this.#store.close();
  }

  #carryOut(number: number, changes: readonly StoreChange[]): Promise<void> | void {
    if (this.#fails(number)) throw this.#error();
    return this.#store.commit(changes);
  }

  #fails(number: number): boolean {
    const { failCommits = [] } = this.#plan;
    return typeof failCommits === 'function' ? failCommits(number) : failCommits.includes(number);
  }

  #error(): StoreError {
    return this.#plan.error ?? storeError('store-failed');
  }
}
