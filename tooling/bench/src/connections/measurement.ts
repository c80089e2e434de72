/** Memory of idle connections: ours, MQTT.js, and a socket that nobody speaks MQTT on. */
import { spawn } from 'node:child_process';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Measurement } from '../contest.ts';
import { formatTable } from '../table.ts';

const CONNECTIONS = 1000;
const BUDGET_BYTES = 6 * 1024;
const contestants = ['bare socket', 'omqtt', 'mqtt'] as const;

export type ConnectionContestant = (typeof contestants)[number];

interface Row {
  readonly name: ConnectionContestant;
  readonly bytes: number;
  readonly above: number;
}

export const connectionsMeasurement: Measurement = {
  summary: `heap and external memory of ${CONNECTIONS} idle connections, against MQTT.js and bare sockets`,
  async report() {
    const server = await startSink();
    try {
      const sizes: number[] = [];
      for (const name of contestants) sizes.push(await measure(name, (server.address() as AddressInfo).port));
      return table(sizes);
    } finally {
      server.close();
    }
  },
};

function table(sizes: readonly number[]): string {
  const [bare = 0] = sizes;
  const rows = contestants.map((name, index): Row => {
    const bytes = sizes[index] ?? 0;
    return { name, bytes, above: bytes - bare };
  });
  const ours = rows[1]?.above ?? 0;
  const verdict = `Budget: ${BUDGET_BYTES} bytes above a bare socket ${ours <= BUDGET_BYTES ? 'met' : 'missed'}.`;
  const columns = [
    { title: 'connection', cell: ({ name }: Row) => name },
    { title: 'bytes', cell: ({ bytes }: Row) => bytes.toFixed(0), align: 'right' },
    { title: 'above a bare socket', cell: ({ above }: Row) => above.toFixed(0), align: 'right' },
  ] as const;
  return `${formatTable(columns, rows)}\n\nHeap and external memory per connection, after a collection.\n${verdict}`;
}

/** Welcomes whoever says CONNECT, in the version that they ask for, and does nothing more. */
async function startSink(): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', (connect: Buffer) => {
      const isV5 = connect[connect.indexOf('MQTT') + 4] === 5;
      socket.write(isV5 ? Uint8Array.of(0x20, 3, 0, 0, 0) : Uint8Array.of(0x20, 2, 0, 0));
      socket.resume();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 4096, resolve));
  return server;
}

/** In a process of its own, so that nobody's leftovers count. */
async function measure(name: ConnectionContestant, port: number): Promise<number> {
  const script = fileURLToPath(import.meta.resolve('./connections-process.ts'));
  const args = ['--expose-gc', '--conditions=@omqtt/source', script, name, String(port), String(CONNECTIONS)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const bytes = Number((await text(child.stdout)).trim() || Number.NaN);
  if (Number.isNaN(bytes)) throw new Error(`measuring the connections of ${name} failed`);
  return bytes;
}
