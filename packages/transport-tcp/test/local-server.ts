/** Servers on this machine that are gone when the test is. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type ListenOptions, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer, type TlsOptions, type TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';
import { pem } from './certificates/pem.ts';

export interface LocalServer {
  readonly port: number;
  /** The sockets in the order in which they came, also those that will come. */
  readonly accepted: (index?: number) => Promise<Socket>;
}

export function serve(onSocket: (socket: Socket) => void = ignore, listen: ListenOptions = {}): Promise<LocalServer> {
  return start(createServer({ allowHalfOpen: true }), 'connection', { onSocket, listen });
}

export function serveTls(
  onSocket: (socket: TLSSocket) => void = ignore,
  options: TlsOptions = {},
): Promise<LocalServer> {
  const server = createTlsServer({ cert: pem('server'), key: pem('server-key'), ...options });
  // A client that does not trust the server is what some tests are about.
  server.on('tlsClientError', ignore);
  return start(server, 'secureConnection', { onSocket: onSocket as (socket: Socket) => void, listen: {} });
}

export function echo(socket: Socket): void {
  socket.pipe(socket);
}

/** The path of a unix socket that does not exist yet. */
export function freshPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'omqtt-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'mqtt.sock');
}

interface Service {
  readonly onSocket: (socket: Socket) => void;
  readonly listen: ListenOptions;
}

async function start(server: Server, event: 'connection' | 'secureConnection', service: Service): Promise<LocalServer> {
  const sockets: Socket[] = [];
  const waiting: (() => void)[] = [];
  const raw = new Set<Socket>();
  server.on('connection', (socket: Socket) => raw.add(socket));
  server.on(event, (socket: Socket) => {
    // Tests cut connections on purpose.
    socket.on('error', ignore);
    sockets.push(socket);
    service.onSocket(socket);
    for (const resolve of waiting.splice(0)) resolve();
  });
  const where = service.listen.path === undefined ? { host: '127.0.0.1', port: 0, ...service.listen } : service.listen;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(where, resolve);
  });
  onTestFinished(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of [...sockets, ...raw]) socket.destroy();
    await closed;
  });
  const address = server.address() as AddressInfo | string;
  return {
    port: typeof address === 'string' ? 0 : address.port,
    async accepted(index = 0) {
      let socket: Socket | undefined;
      while (!(socket = sockets[index])) await new Promise<void>((resolve) => waiting.push(resolve));
      return socket;
    },
  };
}

export function ignore(): void {}
