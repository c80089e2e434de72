/** Memory of idle connections: ours, MQTT.js, and a socket that nobody speaks MQTT on. */
import { spawn } from 'node:child_process';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Measurement } from '../contest.ts';
import { cost, type Report } from '../figures.ts';
import { formatTable, type Column } from '../table.ts';

const CONNECTIONS = 5000;
const BUDGET_BYTES = 6 * 1024;
const contestants = ['bare socket', 'omqtt', 'mqtt'] as const;

export type ConnectionContestant = (typeof contestants)[number];

/** Of one connection. */
export interface ConnectionCost {
  /** Heap and external memory, after a collection. */
  readonly heapBytes: number;
  /** What the process has grown by. */
  readonly residentBytes: number;
  /** Of opening it. */
  readonly cpuMicroseconds: number;
  /** Opened one after the other, by the clock. */
  readonly perSecond: number;
}

interface Row extends ConnectionCost {
  readonly name: ConnectionContestant;
  readonly above: number;
}

export const connectionsMeasurement: Measurement = {
  summary: `memory of ${CONNECTIONS} idle connections and the time to open them, against MQTT.js and bare sockets`,
  async report() {
    const server = await startSink();
    try {
      const costs: ConnectionCost[] = [];
      for (const name of contestants) costs.push(await measure(name, (server.address() as AddressInfo).port));
      return reportOn(costs);
    } finally {
      server.close();
    }
  },
};

function reportOn(costs: readonly ConnectionCost[]): Report {
  const bare = costs[0]?.heapBytes ?? Number.NaN;
  const rows = contestants.flatMap((name, index): Row[] => {
    const found = costs[index];
    return found === undefined ? [] : [{ name, ...found, above: found.heapBytes - bare }];
  });
  const ours = rows[1]?.above ?? Number.NaN;
  const verdict = `Budget: ${BUDGET_BYTES} bytes above a bare socket ${ours <= BUDGET_BYTES ? 'met' : 'missed'}.`;
  return {
    text: `${formatTable(columns, rows)}\n\n${legend}\n${verdict}`,
    figures: rows.flatMap(({ name, above, residentBytes, cpuMicroseconds }) => [
      ...(name === 'bare socket' ? [] : [cost(`above a bare socket · ${name}`, above, 'bytes')]),
      cost(`resident · ${name}`, residentBytes, 'bytes'),
      cost(`opening · ${name}`, cpuMicroseconds, 'µs'),
    ]),
  };
}

const columns: readonly Column<Row>[] = [
  { title: 'connection', cell: ({ name }) => name },
  { title: 'bytes', cell: ({ heapBytes }) => heapBytes.toFixed(0), align: 'right' },
  { title: 'above a bare socket', cell: ({ above }) => above.toFixed(0), align: 'right' },
  { title: 'resident', cell: ({ residentBytes }) => residentBytes.toFixed(0), align: 'right' },
  { title: 'opening µs', cell: ({ cpuMicroseconds }) => cpuMicroseconds.toFixed(0), align: 'right' },
  { title: 'opened per s', cell: ({ perSecond }) => perSecond.toFixed(0), align: 'right' },
];

const legend = `bytes: heap and external memory per connection, after a collection. resident: what the process has grown by for each.
opening: CPU time, user and system, all threads, until CONNACK is read; they are opened one after the other.`;

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
async function measure(name: ConnectionContestant, port: number): Promise<ConnectionCost> {
  const script = fileURLToPath(import.meta.resolve('./connections-process.ts'));
  const args = ['--expose-gc', '--conditions=@omqtt/source', script, name, String(port), String(CONNECTIONS)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const printed = await text(child.stdout);
  if (printed === '') throw new Error(`measuring the connections of ${name} failed`);
  return JSON.parse(printed) as ConnectionCost;
}
