/** Takes the connections of clients. */
import { createServer as createHttpServer, type IncomingMessage, type Server as HttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { WebSocketServer } from 'ws';
import { InspectorError, InspectorOptionError } from '../inspector-errors.ts';
import { urlOf, type Endpoint } from './endpoint.ts';
import type { Leg } from './leg.ts';
import { peerOf, SocketLeg } from './socket-leg.ts';
import { LARGEST_MESSAGE_BYTES, WebSocketLeg } from './websocket-leg.ts';

/** PEM texts, for listeners with TLS. */
export interface ListenerTls {
  readonly cert: string;
  readonly key: string;
  /** Clients have to show a certificate of these authorities. */
  readonly clientCa?: string;
}

export interface Arrival {
  readonly leg: Leg;
  /** The name that the client asked for in TLS. */
  readonly sni: string | undefined;
  /** Sub-protocols that were asked for; empty without WebSocket. */
  readonly protocols: readonly string[];
  /** By which a server decides whom to let in: origin, credentials. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface ListenOptions {
  readonly endpoint: Endpoint;
  readonly tls: ListenerTls | undefined;
  readonly accept: (arrival: Arrival) => void;
}

export interface Listening {
  readonly url: string;
  /** Takes no more; those that are open go on. */
  close(): Promise<void>;
}

const HANDSHAKE_TIMEOUT_MS = 10_000;

export async function listen(options: ListenOptions): Promise<Listening> {
  const { endpoint } = options;
  const secure = endpoint.type === 'tls' || endpoint.type === 'wss';
  const takePlain =
    endpoint.type === 'ws' || endpoint.type === 'wss'
      ? webSocketTaker(options)
      : (socket: Socket, carrier: Socket) =>
          options.accept({
            leg: new SocketLeg(socket, { peer: peerOf(carrier), carrier }),
            sni: sniOf(socket),
            protocols: [],
            headers: {},
          });
  const take = secure ? secured(options.tls, takePlain) : (socket: Socket) => takePlain(socket, socket);
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket)).on('error', () => {});
    take(socket);
  });
  const port = await listening(server, endpoint);
  return {
    url: urlOf(endpoint, port),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

type Take = (socket: Socket, carrier: Socket) => void;

/** The TLS server never listens itself: it is handed sockets, so that the one below stays known. */
function secured(tls: ListenerTls | undefined, take: Take): (carrier: Socket) => void {
  if (tls === undefined) throw new InspectorOptionError('--listen', 'TLS needs --tls-cert and --tls-key.');
  const { cert, key, clientCa } = tls;
  const byPeer = new Map<string, Socket>();
  const server = createTlsServer(
    {
      cert,
      key,
      allowHalfOpen: true,
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      ALPNProtocols: ['mqtt', 'http/1.1'],
      ...(clientCa !== undefined && { ca: clientCa, requestCert: true, rejectUnauthorized: true }),
    },
    (socket: TLSSocket) => take(socket, byPeer.get(peerOf(socket)) ?? socket),
  );
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  return (carrier) => {
    const peer = peerOf(carrier);
    byPeer.set(peer, carrier);
    carrier.once('close', () => byPeer.delete(peer));
    server.emit('connection', carrier);
  };
}

/** The HTTP server never listens itself either. */
function webSocketTaker({ endpoint, accept }: ListenOptions): Take {
  const path = 'path' in endpoint ? endpoint.path.split('?', 1)[0] : '/';
  const webSockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: LARGEST_MESSAGE_BYTES,
    handleProtocols: (offered) => (offered.has('mqtt') ? 'mqtt' : ([...offered][0] ?? false)),
  });
  const server: HttpServer = createHttpServer({ headersTimeout: HANDSHAKE_TIMEOUT_MS }, (_request, response) => {
    response.writeHead(426, { connection: 'close' }).end();
  });
  server.on('upgrade', (request, socket, head) => {
    if (request.url?.split('?', 1)[0] !== path) {
      socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((each) => each.trim());
    const protocols = offered.filter((each) => each !== '');
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      const leg = new WebSocketLeg(webSocket, peerOf(request.socket));
      accept({ leg, sni: sniOf(request.socket), protocols, headers: passedOn(request) });
    });
  });
  return (socket) => void server.emit('connection', socket);
}

/** Node says false where the client named nobody. */
function sniOf(socket: Socket): string | undefined {
  const name = 'servername' in socket ? socket.servername : undefined;
  return typeof name === 'string' && name !== '' ? name : undefined;
}

const passedHeaders = ['origin', 'authorization', 'cookie', 'user-agent'] as const;

function passedOn({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(passedHeaders.flatMap((name) => (headers[name] ? [[name, headers[name]]] : [])));
}

function listening(server: Server, endpoint: Endpoint): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (cause: Error): void =>
      reject(new InspectorError('listen-failed', `Cannot listen at ${endpoint.url}: ${cause.message}`, { cause }));
    server.once('error', fail);
    const ready = (): void => {
      server.off('error', fail);
      // Too many open files, for example: the next client may have more luck.
      server.on('error', () => {});
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    };
    if (endpoint.type === 'unix') server.listen({ path: endpoint.path }, ready);
    else server.listen({ host: endpoint.host, port: endpoint.port }, ready);
  });
}
