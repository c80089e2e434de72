/** TLS options, checked and in the form that Node wants. */
import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import type { TlsOptions } from '@omqtt/contracts';
import { invalidTarget, SocketError } from './socket-error.ts';
import { refuseUnknown } from './socket-options.ts';
import { systemAuthorities, systemContext } from './system-authorities.ts';

export interface TlsSettings {
  readonly context: SecureContext;
  readonly serverName?: string;
  readonly alpnProtocols?: readonly string[];
  /** Hex in upper case without colons; empty: no pins. */
  readonly pins: readonly string[];
  readonly isInsecure: boolean;
  readonly preSharedKey?: NonNullable<TlsOptions['preSharedKey']>;
}

const known: Readonly<Record<keyof TlsOptions, true>> = {
  ca: true,
  cert: true,
  key: true,
  passphrase: true,
  serverName: true,
  alpnProtocols: true,
  minimumVersion: true,
  ciphers: true,
  preSharedKey: true,
  pinnedFingerprints: true,
  insecure: true,
};

/** Throws a `SocketError` for what cannot work, before anything is connected. */
export function resolveTls(options: TlsOptions): TlsSettings {
  refuseUnknown('TLS option', options, known);
  const { serverName, alpnProtocols, pinnedFingerprints = [], insecure = false, preSharedKey } = options;
  if (serverName === '') throw invalidTarget('tls.serverName is empty: name the server, or leave it out.');
  for (const name of alpnProtocols ?? []) {
    const length = Buffer.byteLength(name);
    if (length === 0 || length > 255) throw invalidTarget('A name in tls.alpnProtocols has to be of 1 to 255 bytes.');
  }
  return {
    context: preSharedKey === undefined ? secureContext(options) : preSharedContext(options),
    ...(preSharedKey !== undefined && { preSharedKey }),
    ...(serverName !== undefined && { serverName }),
    ...(alpnProtocols !== undefined && alpnProtocols.length > 0 && { alpnProtocols }),
    pins: pinnedFingerprints.map(checkPin),
    isInsecure: insecure,
  };
}

function checkPin(pin: string): string {
  const hex = pin.replaceAll(':', '').toUpperCase();
  if (/^[\dA-F]{64}$/.test(hex)) return hex;
  throw invalidTarget(
    'tls.pinnedFingerprints takes SHA-256 fingerprints: 64 hexadecimal digits, with colons or without.',
  );
}

/** Node has pre-shared keys up to TLS 1.2, and only for those who ask for such ciphers. */
function preSharedContext(options: TlsOptions): SecureContext {
  const { identity = '', key } = options.preSharedKey ?? {};
  if (identity === '' || !(key instanceof Uint8Array) || key.length === 0) {
    throw invalidTarget('tls.preSharedKey takes an identity, and a key of bytes: both sides have to know them.');
  }
  const others = (['ca', 'cert', 'key', 'pinnedFingerprints'] as const).filter((name) => options[name] !== undefined);
  if (others.length > 0) {
    throw invalidTarget(`With tls.preSharedKey nobody shows a certificate: leave out tls.${others.join(', tls.')}.`);
  }
  if (options.minimumVersion === 'TLSv1.3') {
    throw invalidTarget('tls.preSharedKey works with TLS 1.2: leave out tls.minimumVersion.');
  }
  return create({ ciphers: options.ciphers ?? 'PSK', minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' });
}

function secureContext(options: TlsOptions): SecureContext {
  const { ca, cert, key, passphrase, ciphers, minimumVersion = 'TLSv1.2' } = options;
  if (!['TLSv1.2', 'TLSv1.3'].includes(minimumVersion)) {
    throw invalidTarget('tls.minimumVersion is TLSv1.2 or TLSv1.3; what is older is not safe.');
  }
  if ((cert === undefined) !== (key === undefined)) {
    throw invalidTarget('tls.cert and tls.key belong together: give both, or none.');
  }
  const isSystem = ca === undefined;
  if (isSystem && cert === undefined && ciphers === undefined) return systemContext(minimumVersion);
  const trusted = isSystem ? systemAuthorities() : authorities(ca);
  return create({
    ...(trusted && { ca: trusted }),
    ...(cert !== undefined && { cert: certificatePem(cert) }),
    ...(key !== undefined && { key: keyPem(key, passphrase) }),
    ...(passphrase !== undefined && { passphrase }),
    ...(ciphers !== undefined && { ciphers }),
    minVersion: minimumVersion,
  });
}

function create(options: SecureContextOptions): SecureContext {
  try {
    return createSecureContext(options);
  } catch (error) {
    // Nothing else of what was given is so short that OpenSSL has a word for it.
    if (options.ciphers !== undefined && /CIPHER/i.test((error as NodeJS.ErrnoException).code ?? '')) {
      throw invalidTarget(
        `tls.ciphers names nothing that this OpenSSL has: ${JSON.stringify(options.ciphers)}.`,
        error,
      );
    }
    throw unreadable('The certificate of the client, its key or an authority', error);
  }
}

function authorities(ca: NonNullable<TlsOptions['ca']>): string[] {
  const given = typeof ca === 'string' || ca instanceof Uint8Array ? [ca] : ca;
  const pems = given.map(certificatePem);
  // Node would fall back to its own authorities, which is the opposite of what was asked for.
  if (pems.length === 0) throw invalidTarget('tls.ca is empty: name an authority, or leave it out for the system.');
  return pems;
}

/** Node would pass over a broken one in silence. */
function certificatePem(given: string | Uint8Array): string {
  const pem = isDer(given) ? undefined : textOf(given);
  if (pem !== undefined && !/-----BEGIN (?:X509 )?CERTIFICATE-----/.test(pem)) {
    throw invalidTarget('A certificate in tls.ca or tls.cert is neither PEM nor DER.');
  }
  try {
    const first = new X509Certificate(pem ?? given);
    return pem ?? first.toString();
  } catch (error) {
    throw unreadable('A certificate', error);
  }
}

function keyPem(given: string | Uint8Array, passphrase: string | undefined): string {
  if (!isDer(given)) return textOf(given);
  return readDerKey(given, passphrase).export({ type: 'pkcs8', format: 'pem' }).toString();
}

function readDerKey(der: Uint8Array, passphrase: string | undefined): KeyObject {
  let cause: unknown;
  for (const type of ['pkcs8', 'pkcs1', 'sec1'] as const) {
    try {
      return createPrivateKey({ key: Buffer.from(der), format: 'der', type, ...(passphrase && { passphrase }) });
    } catch (error) {
      // The first form is the usual one, and knows most about what is wrong.
      cause ??= error;
    }
  }
  throw unreadable('The key of the client', cause);
}

/** DER begins with a sequence that is longer than 127 bytes. */
function isDer(given: string | Uint8Array): given is Uint8Array {
  return given instanceof Uint8Array && given[0] === 0x30 && (given[1] ?? 0) >= 0x81;
}

function textOf(given: string | Uint8Array): string {
  return typeof given === 'string' ? given : Buffer.from(given).toString('latin1');
}

function unreadable(what: string, cause: unknown): SocketError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `${what} cannot be used (${reason}): check the files, and the passphrase if there is one.`;
  return new SocketError({ code: 'tls-failed', phase: 'options', retryable: false, message, cause });
}
