/**
 * JSON Web Tokens: each issuer has its own keys and its own list of algorithms. Verifying costs more than all the rest
 * of a request, so what was verified is remembered for a while.
 */
import { hash } from 'node:crypto';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  decodeJwt,
  errors,
  type JSONWebKeySet,
  type JWTPayload,
  jwtVerify,
  type JWTVerifyGetKey,
} from 'jose';
import { BridgeProblem } from '../problems/problem.ts';
import type { AccessConfig, IssuerConfig } from './access-config.ts';
import { Allowance } from './allowance.ts';
import { refusal } from './api-keys.ts';
import type { Principal } from './principal.ts';
import { RolePrincipal } from './role-principal.ts';

interface Issuer {
  readonly config: IssuerConfig;
  readonly keys: JWTVerifyGetKey;
}

interface Verified {
  readonly principal: Principal;
  readonly until: number;
}

const MAXIMUM_VERIFIED = 10_000;
const MAXIMUM_ALLOWANCES = 10_000;
/** A token that was withdrawn at its issuer is believed so long. */
const BELIEVED_MS = 60_000;
const CLOCK_TOLERANCE_SECONDS = 5;
const JWKS_TIMEOUT_MS = 5000;

export class Tokens {
  readonly #access: AccessConfig;
  readonly #issuers: ReadonlyMap<string, Issuer>;
  readonly #verified = new Map<string, Verified>();
  readonly #allowances = new Map<string, Allowance>();

  constructor(access: AccessConfig) {
    this.#access = access;
    this.#issuers = new Map(access.jwt.map((config) => [config.issuer, { config, keys: keysOf(config) }]));
  }

  /** At once for a token that was seen before. */
  authenticate(token: string): Principal | Promise<Principal> {
    const key = hash('sha256', token, 'base64url');
    const known = this.#verified.get(key);
    if (known !== undefined && known.until > Date.now()) return known.principal;
    return this.#verify(token, key);
  }

  async #verify(token: string, key: string): Promise<Principal> {
    const issuer = this.#issuerOf(token);
    const { issuer: name, audience, algorithms } = issuer.config;
    let payload: JWTPayload;
    try {
      const rules = { issuer: name, audience, algorithms: [...algorithms], clockTolerance: CLOCK_TOLERANCE_SECONDS };
      const verified = await jwtVerify(token, issuer.keys, { ...rules, requiredClaims: ['exp', 'sub'] });
      ({ payload } = verified);
      const { typ = 'JWT' } = verified.protectedHeader;
      // Another type would be the id of somebody else when it is written as text.
      if (typeof payload.sub !== 'string' || payload.sub === '') throw new errors.JWTInvalid('the subject is no text');
      if (!/^(?:application\/)?(?:at\+)?jwt$/i.test(typ)) throw new errors.JWTInvalid('the type is another one');
    } catch (error) {
      throw problemOfToken(error);
    }
    const principal = this.#principalOf(payload, issuer.config);
    this.#remember(key, { principal, until: Math.min(principal.expiresAt, Date.now() + BELIEVED_MS) });
    return principal;
  }

  #issuerOf(token: string): Issuer {
    try {
      const issuer = this.#issuers.get(decodeJwt(token).iss ?? '');
      if (issuer !== undefined) return issuer;
    } catch {
      // Not a token at all: the same answer.
    }
    throw refusal('unauthenticated', 'the token is not valid');
  }

  #principalOf(claims: JWTPayload, { issuer, role }: IssuerConfig): Principal {
    const config = this.#access.roles[role];
    if (config === undefined) throw new Error(`the role ${role} was checked with the configuration`);
    const id = `jwt:${issuer}:${claims.sub ?? ''}`;
    const allowance = this.#allowances.get(id) ?? new Allowance(config.limits);
    // Another token of the same caller spends from the same allowance.
    if (this.#allowances.size >= MAXIMUM_ALLOWANCES) this.#allowances.clear();
    this.#allowances.set(id, allowance);
    return new RolePrincipal({ id, role: config, allowance, claims, expiresAt: (claims.exp ?? 0) * 1000 });
  }

  #remember(key: string, verified: Verified): void {
    const [oldest] = this.#verified.keys();
    if (this.#verified.size >= MAXIMUM_VERIFIED && oldest !== undefined) this.#verified.delete(oldest);
    this.#verified.set(key, verified);
  }
}

function keysOf({ jwks, jwksUrl }: IssuerConfig): JWTVerifyGetKey {
  if (jwks !== undefined) return createLocalJWKSet(jwks as unknown as JSONWebKeySet);
  return createRemoteJWKSet(new URL(jwksUrl ?? ''), { timeoutDuration: JWKS_TIMEOUT_MS });
}

/** What jose says when the issuer does not answer, or not with 200. */
const unreachable = new Set(['ERR_JWKS_TIMEOUT', 'ERR_JOSE_GENERIC']);

/** One answer for everything that may be wrong with a token; only its age is told, and an issuer that cannot be asked. */
function problemOfToken(error: unknown): BridgeProblem {
  if (error instanceof errors.JWTExpired) return refusal('token-expired', 'the token has expired');
  const isOurTrouble = !(error instanceof errors.JOSEError) || unreachable.has(error.code);
  if (!isOurTrouble) return refusal('unauthenticated', 'the token is not valid');
  const detail = 'the keys of the issuer cannot be had at the moment';
  return new BridgeProblem('authority-unavailable', { detail, retryAfterMs: 5000, cause: error });
}
