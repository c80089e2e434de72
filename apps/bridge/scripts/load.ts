/** Sends the same request over and over on a few connections, one at a time on each, and counts the answers by status. */
import { connect } from 'node:net';

export interface Load {
  readonly port: number;
  readonly head: string;
  readonly body: Buffer;
  readonly requests: number;
  readonly connections: number;
}

export async function load(plan: Load): Promise<ReadonlyMap<number, number>> {
  const statuses = new Map<number, number>();
  let left = plan.requests;
  const request = Buffer.concat([Buffer.from(`${plan.head}content-length: ${plan.body.length}\r\n\r\n`), plan.body]);
  const take = (): boolean => {
    left -= 1;
    return left >= 0;
  };
  const count = (status: number): void => void statuses.set(status, (statuses.get(status) ?? 0) + 1);
  await Promise.all(Array.from({ length: plan.connections }, () => runConnection(plan.port, request, { take, count })));
  return statuses;
}

interface Turns {
  readonly take: () => boolean;
  readonly count: (status: number) => void;
}

function runConnection(port: number, request: Buffer, { take, count }: Turns): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1').setNoDelay();
    let received = '';
    const next = (): void => {
      if (take()) socket.write(request);
      else socket.end();
    };
    socket.on('connect', next);
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      const end = received.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(received)?.[1] ?? 0);
      if (received.length < end + 4 + length) return;
      count(Number(received.slice(9, 12)));
      received = '';
      next();
    });
    socket.on('close', () => resolve());
    socket.on('error', reject);
  });
}
