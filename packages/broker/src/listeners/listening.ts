/** What listeners of every type have in common: an address, and an end. */
import type { Server } from 'node:net';
import { ListenError } from '../broker-errors.ts';

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

export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}

export function hostInUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
