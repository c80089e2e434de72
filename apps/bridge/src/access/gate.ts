/** Finds out who asks. */
import type { IncomingHttpHeaders } from 'node:http';
import type { AccessConfig } from './access-config.ts';
import { ApiKeys, refusal } from './api-keys.ts';
import type { Identities } from '../brokers/identities.ts';
import { BasicCallers } from './basic-callers.ts';
import { basicCredentials } from './basic-credentials.ts';
import { anonymous, type Principal } from './principal.ts';
import { Tokens } from './tokens.ts';

export class Gate {
  readonly #isOpen: boolean;
  readonly #keys: ApiKeys;
  readonly #tokens: Tokens;
  readonly #basic: BasicCallers;

  constructor(access: AccessConfig, identities: Identities) {
    this.#isOpen = access.keys.length === 0 && access.jwt.length === 0 && !access.basic.enabled;
    this.#basic = new BasicCallers(access, identities);
    this.#keys = new ApiKeys(access);
    this.#tokens = new Tokens(access);
  }

  /** `broker`: whose credentials they are, where it says who is let in. */
  admit(headers: IncomingHttpHeaders, broker: string): Principal | Promise<Principal> {
    if (this.#isOpen) return anonymous;
    const { authorization = '', 'x-api-key': apiKey } = headers;
    const basic = this.#basic.isEnabled ? basicCredentials(authorization) : undefined;
    if (basic !== undefined) return this.#basic.authenticate(broker, basic);
    const credential = typeof apiKey === 'string' ? apiKey : bearerOf(authorization);
    if (credential === undefined) throw refusal('unauthenticated', 'credentials are missing: Authorization: Bearer …');
    return ApiKeys.isKey(credential) ? this.#keys.authenticate(credential) : this.#tokens.authenticate(credential);
  }
}

function bearerOf(authorization: string): string | undefined {
  return /^bearer +(\S+)$/i.exec(authorization)?.[1];
}
