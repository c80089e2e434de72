import {
  createServer as createTcpServer,
  type AddressInfo,
  type ListenOptions,
  type Server,
  type Socket,
} from 'node:net';
import { createServer as createTlsServer, Server as TlsServer } from 'node:tls';
import type { Target } from '@omqtt/contracts';
import { peerQueue, socketExamPeer, transportExam, type ExamListener, type TransportSetup } from '@omqtt/testkit';
import { describe, expect, test } from 'vitest';
import { tcp } from '../src/index.ts';
import { pem } from './certificates/pem.ts';
import { target } from './dialling.ts';
import { freshPath, ignore } from './local-server.ts';

const loopback: ListenOptions = { host: '127.0.0.1', port: 0 };

const setups: readonly (readonly [string, TransportSetup])[] = [
  [
    'TCP',
    {
      dial: tcp(),
      listen: () => listen(createTcpServer(), loopback, (port) => target({ port })),
    },
  ],
  [
    'TLS',
    {
      dial: tcp({ tls: { ca: pem('ca') } }),
      listen: () => listen(tlsServer(), loopback, (port) => target({ scheme: 'mqtts', host: '127.0.0.1', port })),
      capabilities: { isSecure: true },
    },
  ],
  [
    'a unix socket',
    {
      dial: tcp(),
      listen: () => {
        const path = freshPath();
        return listen(createTcpServer(), { path }, () => target({ scheme: 'unix', host: '', port: 0, path }));
      },
      // The file goes with the listener.
      capabilities: { refusalCode: 'unreachable', canTellReset: false },
    },
  ],
];

describe.each(setups)('%s', (_, setup) => {
  test.each(transportExam(setup))('$title [parity Z8]', async (each) => {
    await expect(each.run()).resolves.toBeUndefined();
  });
});

function tlsServer(): Server {
  return createTlsServer({ cert: pem('server'), key: pem('server-key') });
}

async function listen(server: Server, where: ListenOptions, to: (port: number) => Target): Promise<ExamListener> {
  const peers = peerQueue();
  const below = new Map<number | undefined, Socket>();
  server.on('connection', (socket: Socket) => below.set(socket.remotePort, socket));
  // Some cases give up in the middle of a handshake.
  server.on('tlsClientError', ignore);
  server.on(server instanceof TlsServer ? 'secureConnection' : 'connection', (socket: Socket) => {
    const plain = below.get(socket.remotePort) ?? socket;
    // A unix socket knows no reset.
    peers.push(socketExamPeer(socket, () => (where.path === undefined ? plain.resetAndDestroy() : plain.destroy())));
  });
  await new Promise<void>((resolve) => server.listen(where, resolve));
  const address = server.address() as AddressInfo | string;
  return {
    target: to(typeof address === 'string' ? 0 : address.port),
    accept: () => peers.next(),
    // Resolves when the last connection has gone, which the case sees to; it refuses new ones at once.
    close: async () => void server.close(),
  };
}
