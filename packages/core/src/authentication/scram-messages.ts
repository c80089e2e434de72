/** The messages of a SCRAM server (RFC 5802 §7), read and refused. */
import { fromBase64 } from './base64.ts';
import { AuthMechanismError } from './mechanism-error.ts';

export interface ServerFirst {
  /** As it came: it is part of what gets signed. */
  readonly text: string;
  readonly nonce: string;
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly iterations: number;
}

/** `r=nonce,s=salt,i=iterations`, and extensions that nobody has to know. */
export function readServerFirst(method: string, data: Uint8Array | undefined): ServerFirst {
  const { text, names, values } = readAttributes(method, data);
  const [nonce = '', saltText = '', count = ''] = values;
  const salt = fromBase64(saltText);
  // Nine digits stay within what Web Crypto takes, whatever the user allows.
  if (!names.startsWith('rsi') || salt === undefined || !/^[1-9]\d{0,8}$/.test(count)) throw malformed(method);
  return { text, nonce, salt, iterations: Number(count) };
}

/** `v=signature`, and extensions. Returns the signature. */
export function readServerFinal(method: string, data: Uint8Array | undefined): Uint8Array<ArrayBuffer> {
  const { names, values } = readAttributes(method, data);
  const signature = fromBase64(values[0] ?? '');
  if (!names.startsWith('v') || signature === undefined) throw malformed(method);
  return signature;
}

interface Attributes {
  readonly text: string;
  /** One letter each, in order. */
  readonly names: string;
  readonly values: readonly string[];
}

function readAttributes(method: string, data: Uint8Array | undefined): Attributes {
  const text = decodeText(method, data);
  const parts = text.split(',');
  if (!parts.every((part) => /^[A-Za-z]=[^\0]/.test(part))) throw malformed(method);
  const names = parts.map((part) => part.charAt(0)).join('');
  const values = parts.map((part) => part.slice(2));
  if (names.startsWith('e')) {
    const reason = serverErrors.includes(values[0]) ? values[0] : 'other-error';
    throw new AuthMechanismError(method, `the server said ${reason}`, reason);
  }
  // RFC 5802 §5.1: in this version of SCRAM, its mere presence ends the exchange.
  if (names.includes('m')) throw new AuthMechanismError(method, 'the server wants an extension that nobody knows');
  return { text, names, values };
}

// RFC 5802 §7. Anything else that a server sends is not repeated: it could be anything.
const serverErrors: readonly unknown[] = [
  'invalid-encoding',
  'extensions-not-supported',
  'invalid-proof',
  'channel-bindings-dont-match',
  'server-does-support-channel-binding',
  'channel-binding-not-supported',
  'unsupported-channel-binding-type',
  'unknown-user',
  'invalid-username-encoding',
  'no-resources',
];

function decodeText(method: string, data: Uint8Array | undefined): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data);
  } catch {
    throw malformed(method);
  }
}

function malformed(method: string): AuthMechanismError {
  return new AuthMechanismError(method, 'the server sent something that is not a message of SCRAM');
}
