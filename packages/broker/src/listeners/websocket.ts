/** MQTT over WebSocket, plain or with TLS: binary messages, whose borders mean nothing. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { BrokerOptionError } from '../broker-errors.ts';
import type { Accept, Listener, ListenerOptions } from './listener.ts';
import { closerOf, HANDSHAKE_TIMEOUT_MS, hostInUrl, listen } from './listening.ts';
import { tlsServerOptions } from './tls-options.ts';
import { WebSocketConnection } from './websocket-connection.ts';

const SUB_PROTOCOL = 'mqtt';
/** What may be in a frame beside the largest packet. */
const MORE_IN_FRAME_BYTES = 65_536;

export async function listenWebSocket(
  options: ListenerOptions,
  accept: Accept,
  maximumPacketBytes: () => number,
): Promise<Listener> {
  const { host = '127.0.0.1', port = 0, path = '/mqtt', type } = options;
  const server = makeServer(options);
  const webSockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    // [MQTT-6.0.0-4]
    handleProtocols: () => SUB_PROTOCOL,
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const status = refusalOf(request, path, options.origins);
    if (status !== undefined) {
      socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`, () => socket.destroy());
      return;
    }
    // A frame is in memory before its first packet can be looked at.
    webSockets.options.maxPayload = maximumPacketBytes() + MORE_IN_FRAME_BYTES;
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      const { remoteAddress = 'unknown', remotePort = 0 } = request.socket;
      const peer = `${hostInUrl(remoteAddress)}:${remotePort}`;
      const connection = new WebSocketConnection(webSocket, { peer, isSecure: type === 'wss', protocol: SUB_PROTOCOL });
      connection.listen();
      accept(connection);
    });
  });
  const close = closerOf(server);
  const chosen = await listen(server, host, port);
  server.on('error', () => {});
  const scheme = type === 'wss' ? 'wss' : 'ws';
  return {
    scheme,
    port: chosen,
    url: `${scheme}://${hostInUrl(host)}:${chosen}${path}`,
    close: () => {
      server.closeAllConnections();
      return close();
    },
  };
}

function makeServer({ type, tls }: ListenerOptions): Server {
  if (type !== 'wss') return createServer({ headersTimeout: HANDSHAKE_TIMEOUT_MS }, askForUpgrade);
  if (!tls) throw new BrokerOptionError('listeners.tls', 'A listener with TLS needs `tls: { cert, key }`.');
  return createHttpsServer(
    { ...tlsServerOptions(tls), handshakeTimeout: HANDSHAKE_TIMEOUT_MS, headersTimeout: HANDSHAKE_TIMEOUT_MS },
    askForUpgrade,
  );
}

function askForUpgrade(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(426).end();
}

/** The status to refuse with. A page of another site must not reach the broker of a developer where it is not wanted. */
function refusalOf(request: IncomingMessage, path: string, origins: readonly string[] | undefined): string | undefined {
  if (request.url?.split('?', 1)[0] !== path) return '404 Not Found';
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((each) => each.trim());
  if (!offered.includes(SUB_PROTOCOL)) return '400 Bad Request';
  const { origin } = request.headers;
  if (origins && origin !== undefined && !origins.includes(origin)) return '403 Forbidden';
  return undefined;
}
