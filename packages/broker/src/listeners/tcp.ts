/** MQTT over TCP, plain or with TLS. */
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';
import type { ConnectionInfo } from '@omqtt/contracts';
import { BrokerOptionError } from '../broker-errors.ts';
import type { Accept, Listener, ListenerOptions } from './listener.ts';
import { closerOf, HANDSHAKE_TIMEOUT_MS, hostInUrl, listen } from './listening.ts';
import { SocketConnection } from './socket-connection.ts';
import { tlsServerOptions } from './tls-options.ts';

export async function listenTcp(options: ListenerOptions, accept: Accept): Promise<Listener> {
  const { host = '127.0.0.1', port = 0 } = options;
  const server = makeServer(options, (socket) => {
    const connection = new SocketConnection(socket, infoOf(socket));
    connection.listen();
    accept(connection);
  });
  const close = closerOf(server);
  const chosen = await listen(server, host, port);
  // Too many open files, for example: the next client may have more luck.
  server.on('error', () => {});
  const scheme = options.type === 'tls' ? 'mqtts' : 'mqtt';
  return { scheme, port: chosen, url: `${scheme}://${hostInUrl(host)}:${chosen}`, close };
}

function makeServer({ type, tls }: ListenerOptions, take: (socket: Socket) => void): Server {
  if (type !== 'tls') return createServer(take);
  if (!tls) throw new BrokerOptionError('listeners.tls', 'A listener with TLS needs `tls: { cert, key }`.');
  const server = createTlsServer({ ...tlsServerOptions(tls), handshakeTimeout: HANDSHAKE_TIMEOUT_MS }, take);
  // Whoever fails in the handshake of TLS is gone; there is nothing to tell.
  server.on('tlsClientError', () => {});
  return server;
}

function infoOf(socket: Socket): ConnectionInfo {
  const peer = `${hostInUrl(socket.remoteAddress ?? 'unknown')}:${socket.remotePort ?? 0}`;
  if (!(socket instanceof TLSSocket)) return { peer, isSecure: false };
  const fingerprint = socket.getPeerCertificate().fingerprint256;
  const tls = { version: socket.getProtocol() ?? 'unknown', cipher: socket.getCipher().name };
  return { peer, isSecure: true, tls: { ...tls, ...(fingerprint && { peerFingerprint: fingerprint }) } };
}
