/** Stands between clients and a broker of this machine, and breaks every connection when it is told to, as a pulled cable would. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { resetSocket } from './reset-socket.ts';

export interface BreakingRelay {
  readonly port: number;
  breakAll(): void;
  close(): Promise<void>;
}

/** `watch` sees all that the broker sends. */
export async function startBreakingRelay(brokerPort: number, watch?: (bytes: Buffer) => void): Promise<BreakingRelay> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect({ host: '127.0.0.1', port: brokerPort, noDelay: true });
    near.setNoDelay(true);
    if (watch !== undefined) far.on('data', watch);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const breakAll = (): void => {
    for (const socket of sockets) resetSocket(socket);
  };
  return {
    port: (server.address() as AddressInfo).port,
    breakAll,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        breakAll();
      }),
  };
}
