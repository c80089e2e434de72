/** Which ciphers, and keys that both sides know instead of certificates. */
import { UsageError } from '../cli-error.ts';
import { type AnyOption, custom, text, type Option } from './option.ts';

export const ciphers: Option<string> = text('ciphers', {
  group: 'security',
  valueName: 'LIST',
  help: 'What may encrypt, as OpenSSL lists it, such as ECDHE+AESGCM. That is for TLS 1.2; TLS 1.3 has names that begin with TLS_.',
});
export const psk: Option<Uint8Array> = custom('psk', {
  group: 'security',
  valueName: 'HEX',
  isSecret: true,
  help: 'A key that broker and client know, instead of certificates (TLS 1.2). Needs --psk-identity.',
  parse: (given) => parseKey(given.at(-1) ?? ''),
});
export const pskIdentity: Option<string> = text('psk-identity', {
  group: 'security',
  valueName: 'NAME',
  help: 'The name by which the broker knows the key.',
});

export const cipherOptions: readonly AnyOption[] = [ciphers, psk, pskIdentity];

/** What was typed may be the key of something else: it is not repeated. */
function parseKey(digits: string): Uint8Array {
  if (!/^(?:[0-9a-f]{2})+$/i.test(digits)) throw new UsageError('takes a key in hex: pairs of digits 0-9 a-f');
  return new Uint8Array(Buffer.from(digits, 'hex'));
}
