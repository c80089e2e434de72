/** Why a connection did not become a secure one. */
import type { TLSSocket } from 'node:tls';
import { isAboutTheClient } from './dial-failures.ts';
import { SocketError } from './socket-error.ts';

/** Without an error: the server closed in the middle. */
export function explainHandshake(peer: string, socket: TLSSocket, error?: NodeJS.ErrnoException): SocketError {
  // Node sets it to null while there is nothing to say, whatever its type promises.
  const verdict = socket.authorizationError as Error | string | null | undefined;
  if (verdict !== null && verdict !== undefined) return explainCertificate(peer, error);

  const code = error?.code ?? '';
  if (code.startsWith('ERR_SSL_')) return explainProtocol(peer, code, error);
  const reason = code === '' ? '' : ` (${code})`;
  const message = `${peer} ended the connection during the TLS handshake${reason}: check that it speaks TLS on that port.`;
  return tlsFailed(message, true, error);
}

export function pinsNotShown(peer: string, socket: TLSSocket): SocketError {
  const shown = socket.getPeerX509Certificate()?.fingerprint256 ?? 'nothing';
  const message = `${peer} shows none of the pinned certificates. Its own is ${shown}: pin it only if you know why it changed.`;
  return notTrusted(message);
}

/** What to do about the codes that Node takes over from OpenSSL; the others are told as they are. */
const advice: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'it has expired. The server needs a new one, unless the clock of this machine is wrong.',
  CERT_NOT_YET_VALID: 'it is not valid yet. Check the clock of this machine.',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is signed by nobody but itself. Give it as tls.ca if it is the right one.',
  SELF_SIGNED_CERT_IN_CHAIN: 'its authority is not known here. Give the certificate of the authority as tls.ca.',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'its authority is not known here. Give the certificate of the authority as tls.ca.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'what signed it is not known here. Give the certificate of the authority as tls.ca, or let the server send its chain.',
  CERT_REVOKED: 'it has been revoked. The server needs a new one.',
};

function explainCertificate(peer: string, error: NodeJS.ErrnoException | undefined): SocketError {
  const code = error?.code ?? '';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const reason = (error as { readonly reason?: string }).reason ?? error?.message;
    const message = `The certificate of ${peer} is for another name. Connect with a name that it has, or set tls.serverName. ${reason}`;
    return notTrusted(message, error);
  }
  const why = advice[code] ?? `${error?.message ?? 'no reason is known'}${code === '' ? '' : ` (${code})`}.`;
  return notTrusted(`The certificate of ${peer} is not trusted: ${why}`, error);
}

function explainProtocol(peer: string, code: string, error: Error | undefined): SocketError {
  if (isAboutTheClient(code)) {
    const message = `${peer} does not accept this client (${code}): give a certificate that it trusts as tls.cert, with tls.key.`;
    return tlsFailed(message, false, error);
  }
  const message = `There is no common TLS with ${peer} (${code}): check that its port is one for TLS, its versions and ALPN.`;
  return tlsFailed(message, false, error);
}

function notTrusted(message: string, cause?: unknown): SocketError {
  return new SocketError({ code: 'certificate-not-trusted', phase: 'tls', retryable: false, message, cause });
}

function tlsFailed(message: string, retryable: boolean, cause: unknown): SocketError {
  return new SocketError({ code: 'tls-failed', phase: 'tls', retryable, message, cause });
}
