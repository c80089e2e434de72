/** Finds out who asks. */
import type { IncomingHttpHeaders } from 'node:http';
import type { AccessConfig } from './access-config.ts';
import { ApiKeys, refusal } from './api-keys.ts';
import { anonymous, type Principal } from './principal.ts';
import { Tokens } from './tokens.ts';

export class Gate {
  readonly #isOpen: boolean;
  readonly #keys: ApiKeys;
  readonly #tokens: Tokens;

  constructor(access: AccessConfig) {
    this.#isOpen = access.keys.length === 0 && access.jwt.length === 0;
    this.#keys = new ApiKeys(access);
    this.#tokens = new Tokens(access);
  }

  admit(headers: IncomingHttpHeaders): Principal | Promise<Principal> {
    if (this.#isOpen) return anonymous;
    const { authorization = '', 'x-api-key': apiKey } = headers;
    const credential = typeof apiKey === 'string' ? apiKey : bearerOf(authorization);
    if (credential === undefined) throw refusal('unauthenticated', 'credentials are missing: Authorization: Bearer …');
    return ApiKeys.isKey(credential) ? this.#keys.authenticate(credential) : this.#tokens.authenticate(credential);
  }
}

function bearerOf(authorization: string): string | undefined {
  return /^bearer +(\S+)$/i.exec(authorization)?.[1];
}
