/** Sends the same request over and over on a few connections, one at a time on each, and counts the answers by status. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { SECRET } from './servers.ts';

export interface Load {
  readonly port: number;
  readonly path: string;
  readonly body: Buffer;
  readonly connections: number;
  /** Whether a connection may send one more; a promise when it has to wait to know. */
  readonly next: () => boolean | Promise<boolean>;
}

export type Statuses = ReadonlyMap<number, number>;

export async function load({ port, path, body, connections, next }: Load): Promise<Statuses> {
  const statuses = new Map<number, number>();
  const request = requestOf(path, body);
  const count = (status: number): void => void statuses.set(status, (statuses.get(status) ?? 0) + 1);
  const sockets = await Promise.all(Array.from({ length: connections }, () => opened(port)));
  await Promise.all(sockets.map((socket) => run(socket, { request, next, count })));
  return statuses;
}

/** So many, each as soon as a connection is free. */
export function times(requests: number): () => boolean {
  let left = requests;
  return () => {
    left -= 1;
    return left >= 0;
  };
}

function requestOf(path: string, body: Buffer): Buffer {
  const lines = [
    `POST ${path} HTTP/1.1`,
    'host: bench',
    'content-type: application/json',
    `authorization: Bearer omq_bench_${SECRET}`,
    `content-length: ${body.length}`,
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body]);
}

async function opened(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').setNoDelay();
  await once(socket, 'connect');
  return socket;
}

interface Turns {
  readonly request: Buffer;
  readonly next: Load['next'];
  readonly count: (status: number) => void;
}

function run(socket: Socket, { request, next, count }: Turns): Promise<void> {
  return new Promise((resolve, reject) => {
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      const end = received.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(received)?.[1] ?? 0);
      if (received.length < end + 4 + length) return;
      count(Number(received.slice(9, 12)));
      received = '';
      proceed(socket, request, next);
    });
    socket.on('close', () => resolve());
    socket.on('error', reject);
    proceed(socket, request, next);
  });
}

function proceed(socket: Socket, request: Buffer, next: Load['next']): void {
  const go = (mayGo: boolean): void => {
    if (mayGo) socket.write(request);
    else socket.end();
  };
  const mayGo = next();
  if (typeof mayGo === 'boolean') go(mayGo);
  else void mayGo.then(go);
}
