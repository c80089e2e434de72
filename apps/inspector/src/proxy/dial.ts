/** Connects to an upstream. */
import { createConnection, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { WebSocket } from 'ws';
import type { Endpoint } from './endpoint.ts';
import type { Leg } from './leg.ts';
import { peerOf, SocketLeg } from './socket-leg.ts';
import { LARGEST_MESSAGE_BYTES, WebSocketLeg } from './websocket-leg.ts';

/** For upstreams with TLS; PEM texts. */
export interface UpstreamTls {
  /** Whom to trust instead of the authorities that Node knows. */
  readonly ca?: string;
  /** What the proxy shows to servers that want a certificate. */
  readonly cert?: string;
  readonly key?: string;
  /** The name to ask for and to check, when it is not the host of the URL. */
  readonly servername?: string;
  readonly alpn?: readonly string[];
  /** Takes any certificate. Default: false. */
  readonly isInsecure?: boolean;
}

export interface DialContext {
  readonly tls: UpstreamTls;
  /** Sub-protocols that a client asked for over WebSocket. */
  readonly protocols: readonly string[];
  /** What the client said of itself there: the upstream decides by it whom to let in. */
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

const DIAL_TIMEOUT_MS = 30_000;

export async function dial(endpoint: Endpoint, context: DialContext): Promise<Leg> {
  switch (endpoint.type) {
    case 'unix':
      return dialSocket(createConnection({ path: endpoint.path, allowHalfOpen: true }), endpoint.path, context);
    case 'tcp': {
      const { host, port } = endpoint;
      return dialSocket(createConnection({ host, port, allowHalfOpen: true }), undefined, context);
    }
    case 'tls':
      return dialTls(endpoint, context);
    case 'ws':
    case 'wss':
      return dialWebSocket(endpoint, context);
  }
}

async function dialSocket(socket: Socket, peer: string | undefined, { signal }: DialContext): Promise<Leg> {
  await opened(socket, 'connect', signal);
  return new SocketLeg(socket, { peer: peer ?? peerOf(socket) });
}

async function dialTls(
  { host, port }: Extract<Endpoint, { readonly host: string }>,
  { tls, signal }: DialContext,
): Promise<Leg> {
  const carrier = createConnection({ host, port, allowHalfOpen: true });
  await opened(carrier, 'connect', signal);
  // Its half-close is that of the carrier.
  const socket = connectTls({ socket: carrier, ...tlsOptions(host, tls) });
  await opened(socket, 'secureConnect', signal);
  return new SocketLeg(socket, { peer: peerOf(carrier), carrier });
}

function tlsOptions(
  host: string,
  { ca, cert, key, servername, alpn, isInsecure = false }: UpstreamTls,
): ConnectionOptions {
  // An address is no name to ask for.
  const name = servername ?? (/^[\d.]+$|:/.test(host) ? undefined : host);
  return {
    host,
    rejectUnauthorized: !isInsecure,
    ...(name !== undefined && { servername: name }),
    ...(alpn && { ALPNProtocols: [...alpn] }),
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  };
}

function dialWebSocket(
  { url, host, type, path, port }: Extract<Endpoint, { readonly path: string; readonly host: string }>,
  { tls, protocols, headers, signal }: DialContext,
): Promise<Leg> {
  const address = `${type}://${host.includes(':') ? `[${host}]` : host}:${port}${path}`;
  const socket = new WebSocket(address, [...protocols], {
    perMessageDeflate: false,
    headers,
    maxPayload: LARGEST_MESSAGE_BYTES,
    handshakeTimeout: DIAL_TIMEOUT_MS,
    ...(type === 'wss' && tlsOptions(host, tls)),
  });
  return new Promise((resolve, reject) => {
    const abort = (): void => socket.terminate();
    signal.addEventListener('abort', abort);
    const fail = (error: Error): void => {
      signal.removeEventListener('abort', abort);
      socket.on('error', () => {});
      reject(error);
    };
    socket.once('error', fail).once('open', () => {
      signal.removeEventListener('abort', abort);
      socket.off('error', fail);
      resolve(new WebSocketLeg(socket, url));
    });
  });
}

function opened(socket: Socket, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail(new Error(`no answer in ${DIAL_TIMEOUT_MS / 1000} s`)), DIAL_TIMEOUT_MS);
    const abort = (): void => fail(new Error('the client went away'));
    const letGo = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      socket.off('error', fail).off(event, succeed);
    };
    function fail(error: Error): void {
      letGo();
      socket.on('error', () => {});
      socket.destroy();
      reject(error);
    }
    function succeed(): void {
      letGo();
      resolve();
    }
    if (signal.aborted) {
      abort();
      return;
    }
    signal.addEventListener('abort', abort);
    socket.once('error', fail).once(event, succeed);
  });
}
