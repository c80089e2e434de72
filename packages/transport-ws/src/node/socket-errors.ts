/** What the error codes of Node's sockets mean. */
import type { DialPhase, TransportErrorCode } from '@omqtt/contracts';
import { WebSocketTransportError } from '../transport-error.ts';

/** The `code` that Node gives to errors of the system, of TLS and of HTTP. */
export function systemCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}

const meanings: Readonly<Record<string, TransportErrorCode>> = {
  ENOTFOUND: 'name-not-found',
  ENODATA: 'name-not-found',
  EAI_AGAIN: 'name-not-found',
  EAI_FAIL: 'name-not-found',
  EAI_NODATA: 'name-not-found',
  EAI_NONAME: 'name-not-found',
  ECONNREFUSED: 'connection-refused',
  ECONNRESET: 'connection-lost',
  ECONNABORTED: 'connection-lost',
  EPIPE: 'connection-lost',
};

/** A socket that did not connect. All of it can pass: names appear, servers start, networks come back. */
export function notConnected(peer: string, phase: DialPhase, cause: unknown): WebSocketTransportError {
  const code = meanings[systemCode(cause)] ?? 'unreachable';
  const why = systemCode(cause) || 'for an unknown reason';
  return new WebSocketTransportError(`No connection to ${peer}: ${why}.`, { code, phase, retryable: true, cause });
}

/** The WebSocket failed; `undefined` when the socket below was not the cause. */
export function brokenSocket(cause: unknown): WebSocketTransportError | undefined {
  const code = systemCode(cause);
  // In TLS 1.3 a server looks at the certificate of the client after the handshake.
  if (isOfTls(code)) return tlsFailed(`The server ended TLS: ${code}.`, cause);
  if (!/^E[A-Z]+$/.test(code)) return undefined;
  const message = `The connection broke during the WebSocket handshake: ${code}.`;
  return new WebSocketTransportError(message, { code: 'connection-lost', phase: 'websocket', retryable: true, cause });
}

/** No TLS with the peer. It may work later if the connection just broke, but not if the two do not understand each other. */
export function tlsFailed(message: string, cause?: unknown): WebSocketTransportError {
  const retryable = !isOfTls(systemCode(cause));
  return new WebSocketTransportError(message, { code: 'tls-failed', phase: 'tls', retryable, cause });
}

function isOfTls(code: string): boolean {
  return code.startsWith('ERR_SSL_') || code === 'EPROTO';
}
