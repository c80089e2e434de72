/** Callers who are let in by the broker: one principal for each of their connections. */
import type { BrokerPool } from '../brokers/broker-pool.ts';
import type { Identities } from '../brokers/identities.ts';
import type { AccessConfig } from './access-config.ts';
import { Allowance } from './allowance.ts';
import type { BasicCredentials } from './basic-credentials.ts';
import type { Principal } from './principal.ts';
import { RolePrincipal } from './role-principal.ts';

const MAXIMUM_ALLOWANCES = 10_000;

export class BasicCallers {
  readonly #access: AccessConfig;
  readonly #identities: Identities;
  readonly #principals = new WeakMap<BrokerPool, Principal>();
  /** By user name: another connection of the same caller spends from the same allowance. */
  readonly #allowances = new Map<string, Allowance>();

  constructor(access: AccessConfig, identities: Identities) {
    this.#access = access;
    this.#identities = identities;
  }

  get isEnabled(): boolean {
    return this.#access.basic.enabled;
  }

  async authenticate(broker: string, credentials: BasicCredentials): Promise<Principal> {
    const pool = await this.#identities.admit(broker, credentials);
    const principal = this.#principals.get(pool) ?? this.#principalOf(pool, credentials.username);
    this.#principals.set(pool, principal);
    return principal;
  }

  #principalOf(pool: BrokerPool, username: string): Principal {
    const { roles, basic } = this.#access;
    const role = roles[basic.role ?? ''];
    if (role === undefined) throw new Error('the role was checked with the configuration');
    const allowance = this.#allowances.get(username) ?? new Allowance(role.limits);
    if (this.#allowances.size >= MAXIMUM_ALLOWANCES) this.#allowances.clear();
    this.#allowances.set(username, allowance);
    const id = `basic:${username}`;
    return new RolePrincipal({ id, role, allowance, claims: { sub: username }, expiresAt: Infinity, pool });
  }
}
