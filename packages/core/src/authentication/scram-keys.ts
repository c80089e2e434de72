/** The arithmetic of SCRAM (RFC 5802 §3) on Web Crypto. */

export type ScramHash = 'SHA-1' | 'SHA-256' | 'SHA-512';

// The name that all runtimes' types agree on.
type Key = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/** What is left of a password for one salt and one count: enough for this server, and of no use elsewhere. */
export interface ScramKeys {
  readonly clientKey: Uint8Array<ArrayBuffer>;
  /** Signs for the client: HMAC with H(ClientKey). */
  readonly storedKey: Key;
  /** Verifies what the server signed. */
  readonly serverKey: Key;
}

export interface Salting {
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly iterations: number;
}

/** The slow part: as many rounds as the server asked for, off the main thread in every runtime. */
export async function deriveKeys(hash: ScramHash, password: string, salting: Salting): Promise<ScramKeys> {
  const { subtle } = crypto;
  const raw = await subtle.importKey('raw', encodeText(password), 'PBKDF2', false, ['deriveBits']);
  const bits = hash === 'SHA-1' ? 160 : Number(hash.slice(4));
  const salted = await subtle.deriveBits({ name: 'PBKDF2', hash, ...salting }, raw, bits);
  const saltedKey = await hmacKey(hash, salted, 'sign');
  const clientKey = await sign(saltedKey, 'Client Key');
  const serverKey = await sign(saltedKey, 'Server Key');
  return {
    clientKey,
    storedKey: await hmacKey(hash, await subtle.digest(hash, clientKey), 'sign'),
    serverKey: await hmacKey(hash, serverKey, 'verify'),
  };
}

/** ClientProof := ClientKey XOR HMAC(StoredKey, AuthMessage) */
export async function clientProof(keys: ScramKeys, authMessage: string): Promise<Uint8Array> {
  const signature = await sign(keys.storedKey, authMessage);
  return keys.clientKey.map((byte, index) => byte ^ (signature[index] ?? 0));
}

/** Whether the server knows its key. Web Crypto compares in constant time. */
export function isSignedByServer(
  keys: ScramKeys,
  authMessage: string,
  signature: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  return crypto.subtle.verify('HMAC', keys.serverKey, signature, encodeText(authMessage));
}

export function encodeText(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function hmacKey(hash: ScramHash, key: ArrayBuffer | Uint8Array<ArrayBuffer>, usage: 'sign' | 'verify'): Promise<Key> {
  return crypto.subtle.importKey('raw', key, { name: 'HMAC', hash }, false, [usage]);
}

async function sign(key: Key, text: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, encodeText(text)));
}
