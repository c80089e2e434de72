/** A SCRAM server of its own making: it shares nothing with the client but the standard. */
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import type { AuthContext } from '../../src/authentication/mechanism.ts';

export type Digest = 'sha1' | 'sha256' | 'sha512';

export interface Account {
  readonly digest: Digest;
  /** As the server keeps it: already in its normal form. */
  readonly username: string;
  readonly password: string;
  readonly salt?: string;
  readonly iterations?: number;
}

export interface Verdict {
  readonly isProven: boolean;
  readonly answer: Uint8Array;
}

export class ScramServer {
  readonly #account: Required<Account>;
  #clientFirst = '';
  #serverFirst = '';
  #nonce = '';

  constructor(account: Account) {
    this.#account = { salt: 'c2FsdCBhbmQgcGVwcGVy', iterations: 4096, ...account };
  }

  /** Reads the client's first message and asks for the proof. */
  challenge(clientFirst: Uint8Array | undefined): Uint8Array {
    const { salt, iterations, username } = this.#account;
    const [, name, nonce] = /^n,,n=([^,]*),r=([^,]+)$/.exec(text(clientFirst)) ?? [];
    if (name?.replaceAll('=2C', ',').replaceAll('=3D', '=') !== username) throw new Error('no such account');
    this.#nonce = `${nonce}%server`;
    this.#clientFirst = text(clientFirst).slice('n,,'.length);
    this.#serverFirst = `r=${this.#nonce},s=${salt},i=${iterations}`;
    return bytes(this.#serverFirst);
  }

  /** Reads the client's proof and gives its own. */
  judge(clientFinal: Uint8Array | undefined): Verdict {
    const { digest, password, salt, iterations } = this.#account;
    const hmac = (key: Uint8Array, data: string): Uint8Array => createHmac(digest, key).update(data).digest();
    const [, withoutProof = '', nonce, proof = ''] = /^(c=biws,r=([^,]+)),p=([^,]+)$/.exec(text(clientFinal)) ?? [];
    const length = createHash(digest).digest().length;
    const salted = pbkdf2Sync(password, Buffer.from(salt, 'base64'), iterations, length, digest);
    const storedKey = createHash(digest).update(hmac(salted, 'Client Key')).digest();
    const authMessage = `${this.#clientFirst},${this.#serverFirst},${withoutProof}`;
    const signature = hmac(storedKey, authMessage);
    const clientKey = Buffer.from(proof, 'base64').map((byte, index) => byte ^ (signature[index] ?? 0));
    const isProven = nonce === this.#nonce && createHash(digest).update(clientKey).digest().equals(storedKey);
    const own = Buffer.from(hmac(hmac(salted, 'Server Key'), authMessage)).toString('base64');
    return { isProven, answer: bytes(isProven ? `v=${own}` : 'e=invalid-proof') };
  }
}

export function bytes(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}

export function text(content: Uint8Array | undefined): string {
  return new TextDecoder().decode(content);
}

export function context(more: Partial<AuthContext> = {}): AuthContext {
  return { attempt: 1, isReauthentication: false, signal: new AbortController().signal, ...more };
}
