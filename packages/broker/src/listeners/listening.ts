/** What listeners of every type have in common: an address, and an end. */
import type { Server, Socket } from 'node:net';
import { ListenError } from '../broker-errors.ts';

/** How long a client may take to end after the broker has. */
export const END_TIMEOUT_MS = 1000;
/** How long TLS and WebSocket may take until there is a connection. */
export const HANDSHAKE_TIMEOUT_MS = 10_000;

/** Resolves with the port. */
export function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => reject(new ListenError(`${host}:${port}`, error));
    server.once('error', fail);
    server.listen({ host, port }, () => {
      server.off('error', fail);
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

/** Those that have not ended by themselves when the server closes, such as half of a TLS handshake, are ended then. */
export function closerOf(server: Server): () => Promise<void> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return () =>
    new Promise((resolve) => {
      const timer = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, END_TIMEOUT_MS);
      server.close(() => {
        clearTimeout(timer);
        resolve();
      });
    });
}

export function hostInUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
