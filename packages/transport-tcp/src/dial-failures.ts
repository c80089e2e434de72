/** What the errors of Node mean to whoever wanted a connection. */
import type { TransportErrorCode } from '@omqtt/contracts';
import { invalidTarget, SocketError } from './socket-error.ts';
import { placeName, type Place } from './socket-target.ts';

/** A socket that did not get as far as being connected. */
export function explainConnecting(place: Place, error?: NodeJS.ErrnoException, localAddress?: string): SocketError {
  if ('path' in place) return explainUnix(place.path, error);
  const codes = codesOf(error);
  if (isFromLookup(error)) return explainName(place.host, error);
  const name = placeName(place);
  if (localAddress !== undefined && codes.includes('EADDRNOTAVAIL')) return notOfThisMachine(localAddress, error);
  // Refused by one address, unreachable by the other: that it was refused says more.
  if (codes.includes('ECONNREFUSED')) {
    const message = `${name} refused the connection: nothing listens on that port, or a firewall turns it away.`;
    return networkFailure('connection-refused', message, error);
  }
  const reason = codes.length > 0 ? ` (${codes.join(', ')})` : '';
  const message = `${name} cannot be reached${reason}: check the address, the route to it and the firewalls between.`;
  return networkFailure('unreachable', message, error);
}

function notOfThisMachine(localAddress: string, cause: unknown): SocketError {
  const message = `${localAddress} is no address of this machine (EADDRNOTAVAIL): take one of those that it has.`;
  return networkFailure('unreachable', message, cause);
}

/** An open connection that ended without being asked to. */
export function explainLoss(peer: string, error: NodeJS.ErrnoException): SocketError {
  const code = error.code ?? error.message;
  if (code.startsWith('ERR_SSL_')) return explainTlsLoss(peer, error, code);
  const what = code === 'ECONNRESET' || code === 'EPIPE' ? 'was cut by the peer or the network' : 'broke';
  const message = `The connection to ${peer} ${what} (${code}): connect again.`;
  return new SocketError({ code: 'connection-lost', phase: 'open', retryable: true, message, cause: error });
}

// In TLS 1.3 a client has finished its part when the server looks at its certificate, so the refusal comes late.
const alertsAboutTheClient = /_ALERT_(?:CERTIFICATE|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED)/;

export function isAboutTheClient(code: string): boolean {
  return alertsAboutTheClient.test(code);
}

function explainTlsLoss(peer: string, cause: Error, code: string): SocketError {
  const isRefusal = isAboutTheClient(code);
  const message = isRefusal
    ? `${peer} does not accept this client (${code}): give a certificate that it trusts as tls.cert, with tls.key.`
    : `The encryption of the connection to ${peer} broke (${code}): connect again.`;
  return new SocketError({ code: 'tls-failed', phase: 'open', retryable: !isRefusal, message, cause });
}

/** All codes, where several addresses were tried. */
function codesOf(error: NodeJS.ErrnoException | undefined): string[] {
  const errors: readonly unknown[] = error instanceof AggregateError ? error.errors : [error];
  const codes = errors.map((each) => (each as NodeJS.ErrnoException | undefined)?.code);
  return [...new Set(codes.filter((code) => code !== undefined))];
}

function isFromLookup(error: NodeJS.ErrnoException | undefined): boolean {
  return error?.syscall === 'getaddrinfo' || /^(?:ENOTFOUND|EAI_\w+|ENODATA)$/.test(error?.code ?? '');
}

/** Both are worth another try: a name is unknown, too, while a network comes up or a record is being changed. */
function explainName(host: string, error?: NodeJS.ErrnoException): SocketError {
  const message =
    error?.code === 'EAI_AGAIN'
      ? `The name ${host} could not be looked up: the name server does not answer. Check the network.`
      : `The name ${host} is not known (${error?.code}): check its spelling and the name server.`;
  return new SocketError({ code: 'name-not-found', phase: 'dns', retryable: true, message, cause: error });
}

function explainUnix(path: string, error?: NodeJS.ErrnoException): SocketError {
  const code = error?.code ?? 'closed';
  if (code === 'ECONNREFUSED') {
    return networkFailure('connection-refused', `Nothing listens on ${path}: start the server.`, error);
  }
  if (code === 'ENOENT') {
    return networkFailure('unreachable', `There is no socket ${path}: start the server, or check the path.`, error);
  }
  if (code === 'EINVAL' || code === 'ENAMETOOLONG') {
    return invalidTarget(
      `${path} cannot be the path of a unix socket (${code}): most systems end at 107 bytes.`,
      error,
    );
  }
  const message = `${path} cannot be opened (${code}): check the path and the rights to it.`;
  const retryable = code !== 'EACCES' && code !== 'EPERM';
  return new SocketError({ code: 'unreachable', phase: 'connect', retryable, message, cause: error });
}

function networkFailure(code: TransportErrorCode, message: string, cause: unknown): SocketError {
  return new SocketError({ code, phase: 'connect', retryable: true, message, cause });
}
