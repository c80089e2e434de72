/** Both ends of what the proxy joins, over every transport, with nothing of the proxy in them. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createConnection, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import { WebSocket, WebSocketServer } from 'ws';
import { pem } from './certificates.ts';

export type WireType = 'tcp' | 'tls' | 'ws' | 'wss' | 'unix';

export interface Wire {
  /** Resolves when the transport wants more. */
  write(bytes: Uint8Array): Promise<void>;
  end(): void;
  reset(): void;
  pause(): void;
  resume(): void;
  received(): Buffer;
  /** The other side has ended its direction. */
  readonly ended: Promise<unknown>;
  /** How it ended: `reset` when not in order. */
  readonly closed: Promise<'clean' | 'reset'>;
}

export interface WireServer extends AsyncDisposable {
  readonly url: string;
  /** The connections in their order. */
  next(): Promise<Wire>;
}

function socketWire(socket: Socket, carrier: Socket = socket): Wire {
  const chunks: Buffer[] = [];
  let isReset = false;
  socket.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', () => (isReset = true));
  return {
    write: (bytes) => new Promise((resolve) => socket.write(bytes, () => resolve())),
    end: () => void socket.end(),
    reset: () => void carrier.resetAndDestroy(),
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    received: () => Buffer.concat(chunks),
    ended: new Promise((resolve) => socket.once('end', resolve)),
    closed: new Promise((resolve) => socket.once('close', () => resolve(isReset ? 'reset' : 'clean'))),
  };
}

function webSocketWire(socket: WebSocket): Wire {
  const chunks: Buffer[] = [];
  socket.on('message', (data) => chunks.push(data as Buffer)).on('error', () => {});
  const closed = new Promise<'clean' | 'reset'>((resolve) =>
    socket.once('close', (code) => resolve(code === 1006 ? 'reset' : 'clean')),
  );
  return {
    write: (bytes) => new Promise((resolve) => socket.send(bytes, () => resolve())),
    end: () => socket.close(1000),
    reset: () => socket.terminate(),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    received: () => Buffer.concat(chunks),
    ended: closed,
    closed,
  };
}

export async function serveWire(type: WireType): Promise<WireServer> {
  const waiting: ((wire: Wire) => void)[] = [];
  const arrived: Wire[] = [];
  const sockets = new Set<Socket>();
  const arrive = (wire: Wire): void => {
    const resolve = waiting.shift();
    if (resolve) resolve(wire);
    else arrived.push(wire);
  };
  const server = makeServer(type, arrive);
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => {})));
  const folder = mkdtempSync(join(tmpdir(), 'omqtt-wire-'));
  const path = join(folder, 'upstream.sock');
  await new Promise<void>((resolve) => {
    if (type === 'unix') server.listen(path, resolve);
    else server.listen(0, '127.0.0.1', resolve);
  });
  const port = type === 'unix' ? 0 : (server.address() as AddressInfo).port;
  const scheme = { tcp: 'mqtt', tls: 'mqtts', ws: 'ws', wss: 'wss', unix: 'unix' }[type];
  return {
    url: type === 'unix' ? `unix://${path}` : `${scheme}://127.0.0.1:${port}${type.startsWith('ws') ? '/mqtt' : ''}`,
    next: () => {
      const wire = arrived.shift();
      return wire ? Promise.resolve(wire) : new Promise((resolve) => waiting.push(resolve));
    },
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => {
          rmSync(folder, { recursive: true });
          resolve();
        });
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function makeServer(type: WireType, arrive: (wire: Wire) => void): Server {
  const tls = { cert: pem('server'), key: pem('server-key') };
  if (type === 'tls') {
    // Only the socket below can be reset.
    const carriers = new Map<number | undefined, Socket>();
    const server = createTlsServer({ ...tls, allowHalfOpen: true }, (socket) =>
      arrive(socketWire(socket, carriers.get(socket.remotePort))),
    );
    return server.on('connection', (socket: Socket) => carriers.set(socket.remotePort, socket));
  }
  if (type === 'tcp' || type === 'unix') {
    return createServer({ allowHalfOpen: true }, (socket) => arrive(socketWire(socket)));
  }
  const server = type === 'ws' ? createHttpServer() : createHttpsServer(tls);
  new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (socket) => arrive(webSocketWire(socket)));
  return server;
}

export async function connectWire(url: string): Promise<Wire> {
  const { protocol, hostname: host, port } = new URL(url);
  if (protocol === 'ws:' || protocol === 'wss:') {
    const socket = new WebSocket(url, ['mqtt'], { ca: pem('ca'), perMessageDeflate: false });
    const wire = webSocketWire(socket);
    await once(socket, 'open');
    return wire;
  }
  const carrier = createConnection({ host, port: Number(port), allowHalfOpen: true });
  await once(carrier, 'connect');
  if (protocol === 'mqtt:') return socketWire(carrier);
  const socket = connectTls({ socket: carrier, ca: pem('ca'), servername: 'localhost' });
  await once(socket, 'secureConnect');
  return socketWire(socket, carrier);
}
