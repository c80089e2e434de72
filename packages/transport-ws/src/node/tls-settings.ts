/** TLS options in the form that Node wants. What is wrong with them is said before anything is opened. */
import { isIP } from 'node:net';
import { createSecureContext, type ConnectionOptions, type SecureContext } from 'node:tls';
import type { Target, TlsOptions } from '@omqtt/contracts';
import { invalidTarget, unsupported, WebSocketTransportError } from '../transport-error.ts';
import { certificateToPem, keyToPem } from './pem.ts';
import { systemAuthorities } from './system-authorities.ts';

/** The options of Node for a target. */
export function tlsSettings({ host, tls = {} }: Target): ConnectionOptions {
  const { serverName, alpnProtocols, pinnedFingerprints = [], insecure, preSharedKey } = tls;
  if (preSharedKey !== undefined) throw unsupported('Pre-shared keys are for mqtts: a WebSocket shows certificates.');
  if (!pinnedFingerprints.every((pin) => /^[0-9A-F]{64}$/.test(bareHex(pin)))) {
    throw invalidTarget('A pinned fingerprint is the SHA-256 of a certificate: 64 hex digits, with or without colons.');
  }
  return {
    secureContext: secureContextOf(tls),
    host,
    // An address is no name that a server could be asked for; without one, Node checks the host.
    servername: serverName ?? (isIP(host) === 0 ? host : ''),
    ALPNProtocols: [...(alpnProtocols ?? ['http/1.1'])],
    rejectUnauthorized: insecure !== true,
  };
}

/** A fingerprint without what people put in for reading. */
export function bareHex(fingerprint: string): string {
  return fingerprint.replaceAll(':', '').toUpperCase();
}

function secureContextOf({ ca, cert, key, passphrase, minimumVersion, ciphers }: TlsOptions): SecureContext {
  if ((cert === undefined) !== (key === undefined)) {
    throw invalidTarget('The options tls.cert and tls.key belong together: give both, or none.');
  }
  // Node would trust its own authorities then, which is the opposite of what was asked for.
  if (Array.isArray(ca) && ca.length === 0) throw invalidTarget('The option tls.ca is empty: leave it out instead.');
  try {
    const trusted = ca === undefined ? systemAuthorities() : listOf(ca).map(certificateToPem);
    return createSecureContext({
      ...(trusted && { ca: trusted }),
      ...(cert !== undefined && { cert: certificateToPem(cert) }),
      ...(key !== undefined && { key: keyToPem(key, passphrase) }),
      ...(passphrase !== undefined && { passphrase }),
      ...(ciphers !== undefined && { ciphers }),
      minVersion: minimumVersion ?? 'TLSv1.2',
    });
  } catch (cause) {
    // Nothing else of what was given is so short that OpenSSL has a word for it.
    if (ciphers !== undefined && /CIPHER/i.test((cause as NodeJS.ErrnoException).code ?? '')) {
      throw invalidTarget(`tls.ciphers names nothing that this OpenSSL has: ${JSON.stringify(ciphers)}.`, cause);
    }
    const message = 'The certificates or the key of the option tls cannot be used: check them, and the passphrase.';
    throw new WebSocketTransportError(message, { code: 'tls-failed', phase: 'options', retryable: false, cause });
  }
}

function listOf(ca: NonNullable<TlsOptions['ca']>): readonly (string | Uint8Array)[] {
  return typeof ca === 'string' || ca instanceof Uint8Array ? [ca] : ca;
}
