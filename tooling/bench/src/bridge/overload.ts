/** More than a server can do: what it still gets done, as a part of what it gets done at its best. */
import { load, type Statuses, times } from './http-load.ts';
import { Pace } from './pace.ts';
import { cpuOf } from './publish-cost.ts';
import type { ServerProcess } from './servers.ts';

/** With which of them a server does most is found out each time: it differs by server and by machine. */
const PEAK_CONNECTIONS = [16, 64, 256] as const;
/** So many may wait for an answer at once. */
const OVERLOAD_CONNECTIONS = 512;
const body = Buffer.from(JSON.stringify({ topic: 'bench/a/b', payload: 'x'.repeat(64) }));
const target = { path: '/v1/publish', body } as const;

export interface Overload {
  /** At its best: one for each number of connections that is tried. */
  readonly tries: readonly Rates[];
  /** With twice as many requests as that. */
  readonly overloaded: Rates;
  readonly refused: number;
}

export async function overload(server: ServerProcess, requests: number): Promise<Overload> {
  const tries: Rates[] = [];
  for (const connections of PEAK_CONNECTIONS) tries.push(await ratesWith(server, requests, connections));
  const peak = Math.max(...tries.map(({ byClock }) => byClock));
  const pace = new Pace(2 * peak, Math.max(1000, (requests / peak) * 1000));
  let statuses: Statuses = new Map();
  const cpu = await cpuOf(server, async () => {
    statuses = await load({ ...target, port: server.port, connections: OVERLOAD_CONNECTIONS, next: () => pace.next() });
  });
  pace.stop();
  const accepted = statuses.get(200) ?? 0;
  const all = [...statuses.values()].reduce((sum, count) => sum + count, 0);
  const overloaded = { byClock: accepted / pace.elapsedSeconds, byCpu: accepted / cpu };
  return { tries, overloaded, refused: all - accepted };
}

export interface Rates {
  /** Accepted requests a second. */
  readonly byClock: number;
  /** Accepted requests for a microsecond of CPU. */
  readonly byCpu: number;
}

/** One after the other on each connection, as fast as they are answered. */
async function ratesWith(server: ServerProcess, requests: number, connections: number): Promise<Rates> {
  const startedAt = performance.now();
  const cpu = await cpuOf(server, async () => {
    await load({ ...target, port: server.port, connections, next: times(requests) });
  });
  return { byClock: requests / ((performance.now() - startedAt) / 1000), byCpu: requests / cpu };
}
