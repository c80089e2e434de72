/** API keys: `omq_<id>_<secret>`. Only the hash of the secret is known here; it is as random as the hash is long. */
import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { BridgeProblem } from '../problems/problem.ts';
import type { AccessConfig } from './access-config.ts';
import { Allowance } from './allowance.ts';
import type { Principal } from './principal.ts';
import { RolePrincipal } from './role-principal.ts';

interface KnownKey {
  readonly secrets: readonly { readonly digest: Buffer; readonly expiresAt: number }[];
  readonly principal: Principal;
}

const SECRET_BYTES = 32;

export interface NewApiKey {
  /** For the caller; it is not kept. */
  readonly key: string;
  /** For the configuration. */
  readonly sha256: string;
}

export function createApiKey(id: string): NewApiKey {
  const secret = randomBytes(SECRET_BYTES).toString('base64url');
  return { key: `omq_${id}_${secret}`, sha256: hash('sha256', secret, 'hex') };
}

/** A key that was good a moment ago: hashing it again would cost more than reading the message. */
interface SeenKey {
  readonly principal: Principal;
  readonly expiresAt: number;
}

const MAXIMUM_SEEN = 1000;

export class ApiKeys {
  readonly #seen = new Map<string, SeenKey>();
  readonly #keys: ReadonlyMap<string, KnownKey>;

  constructor({ keys, roles }: AccessConfig) {
    this.#keys = new Map(
      keys.map(({ id, role, secrets }) => {
        const config = roles[role];
        if (config === undefined) throw new Error(`the role ${role} was checked with the configuration`);
        const parts = {
          role: config,
          allowance: new Allowance(config.limits),
          claims: { sub: id },
          expiresAt: Infinity,
        };
        const known = secrets.map(({ sha256, expiresAt }) => ({
          digest: Buffer.from(sha256, 'hex'),
          expiresAt: expiresAt === undefined ? Infinity : Date.parse(expiresAt),
        }));
        return [id, { secrets: known, principal: new RolePrincipal({ id: `key:${id}`, ...parts }) }];
      }),
    );
  }

  static isKey(credential: string): boolean {
    return credential.startsWith('omq_');
  }

  authenticate(credential: string): Principal {
    const seen = this.#seen.get(credential);
    if (seen !== undefined && seen.expiresAt > Date.now()) return seen.principal;
    const found = this.#find(credential);
    if (this.#seen.size >= MAXIMUM_SEEN) this.#seen.clear();
    this.#seen.set(credential, found);
    return found.principal;
  }

  #find(credential: string): SeenKey {
    const [, id = '', secret = ''] = /^omq_([a-z0-9-]{1,64})_(.{1,200})$/.exec(credential) ?? [];
    const digest = hash('sha256', secret, 'buffer');
    const known = this.#keys.get(id);
    const match = known?.secrets.find((one) => timingSafeEqual(one.digest, digest));
    if (known === undefined || match === undefined) throw refusal('unauthenticated', 'the API key is not valid');
    if (match.expiresAt <= Date.now()) throw refusal('token-expired', 'the API key has expired');
    return { principal: known.principal, expiresAt: match.expiresAt };
  }
}

export function refusal(code: 'unauthenticated' | 'token-expired', detail: string): BridgeProblem {
  const challenge = 'Bearer realm="omqtt-bridge", error="invalid_token"';
  return new BridgeProblem(code, { detail, headers: { 'www-authenticate': challenge } });
}
