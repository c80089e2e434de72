/** TLS for a byte stream: the only file that knows the events of a TLS handshake. */
import type { Duplex } from 'node:stream';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import type { Target, TlsInfo } from '@omqtt/contracts';
import { WebSocketTransportError } from '../transport-error.ts';
import { hostAndPort } from '../web-socket-url.ts';
import { abortable } from './abortable.ts';
import { showsPinned } from './pinned-certificates.ts';
import { systemCode, tlsFailed } from './socket-errors.ts';

export interface TlsDial {
  readonly raw: Duplex;
  readonly settings: ConnectionOptions;
  readonly target: Target;
  readonly signal: AbortSignal;
}

/** Speaks TLS on the stream, and does not return one whose certificate is not trusted. */
export function secureStream(dial: TlsDial): Promise<{ stream: TLSSocket; info: TlsInfo }> {
  const { raw, settings, target, signal } = dial;
  const stream = connect({ ...settings, socket: raw });
  return abortable(signal, {
    phase: () => 'tls',
    begin(resolve, reject) {
      stream.once('error', (error: Error) => reject(handshakeError(stream, target, error)));
      stream.once('close', () => reject(tlsFailed(`${hostAndPort(target)} ended the TLS handshake.`)));
      stream.once('secureConnect', () => {
        const { pinnedFingerprints: pins = [], insecure = false } = target.tls ?? {};
        if (pins.length > 0 && !showsPinned(stream, pins, insecure)) reject(notPinned(target));
        else resolve({ stream, info: tlsInfo(stream) });
      });
    },
    undo: () => {
      stream.on('error', () => {});
      stream.destroy();
      raw.destroy();
    },
  });
}

function tlsInfo(stream: TLSSocket): TlsInfo {
  const { fingerprint256, valid_to: validTo } = stream.getPeerCertificate();
  return {
    version: stream.getProtocol() ?? 'unknown',
    cipher: stream.getCipher().name,
    ...(fingerprint256 && { peerFingerprint: fingerprint256 }),
    ...(validTo && { peerExpiresAt: Date.parse(validTo) }),
  };
}

function handshakeError(stream: TLSSocket, target: Target, cause: Error): WebSocketTransportError {
  // Set by Node when the chain, the dates or the name of the certificate are wrong, and only then.
  const { authorizationError } = stream as { readonly authorizationError?: unknown };
  if (authorizationError) return notTrusted(`The certificate of ${hostAndPort(target)} is not trusted`, cause);
  const why = systemCode(cause) || cause.message;
  return tlsFailed(`No TLS with ${hostAndPort(target)} (${why}): check that it speaks TLS on this port.`, cause);
}

function notPinned(target: Target): WebSocketTransportError {
  return notTrusted(`${hostAndPort(target)} shows none of the pinned certificates`);
}

function notTrusted(what: string, cause?: Error): WebSocketTransportError {
  const message = cause ? `${what}: ${systemCode(cause) || cause.message}.` : `${what}.`;
  return new WebSocketTransportError(message, {
    code: 'certificate-not-trusted',
    phase: 'tls',
    retryable: false,
    cause,
  });
}
