/** What a publish over HTTP costs the process of the server, one by one and in batches. */
import { MiscountError } from '../contest.ts';
import { load, type Statuses, times } from './http-load.ts';
import type { ServerProcess } from './servers.ts';

const CONNECTIONS = 64;
const BATCH_CONNECTIONS = 2;
const payload = 'x'.repeat(64);
const one = Buffer.from(JSON.stringify({ topic: 'bench/a/b', payload }));

/** Microseconds of CPU for a request at QoS 1, answered when the broker has acknowledged. */
export async function publishCost(server: ServerProcess, requests: number): Promise<number> {
  const plan = { port: server.port, path: '/v1/publish', body: one, connections: CONNECTIONS };
  const microseconds = await cpuOf(server, async () => {
    checkAccepted(server, requests, await load({ ...plan, next: times(requests) }));
  });
  return microseconds / requests;
}

/** Microseconds of CPU for a message of a batch of so many. */
export async function batchCost(server: ServerProcess, size: number, requests: number): Promise<number> {
  const messages = Array.from({ length: size }, (_, number) => ({ topic: `bench/${number % 10}`, payload }));
  const body = Buffer.from(JSON.stringify({ messages }));
  const plan = { port: server.port, path: '/v1/publish/batch', body, connections: BATCH_CONNECTIONS };
  const microseconds = await cpuOf(server, async () => {
    checkAccepted(server, requests, await load({ ...plan, next: times(requests) }));
  });
  return microseconds / (requests * size);
}

export async function cpuOf(server: ServerProcess, work: () => Promise<void>): Promise<number> {
  const before = await server.cpuMicroseconds();
  await work();
  return (await server.cpuMicroseconds()) - before;
}

/** A fast server that answers something else is none. */
function checkAccepted({ name }: ServerProcess, requests: number, statuses: Statuses): void {
  const accepted = statuses.get(200) ?? 0;
  if (accepted !== requests) throw new MiscountError(name, workOf(requests), workOf(accepted));
}

function workOf(packets: number): { readonly packets: number; readonly bytes: number } {
  return { packets, bytes: packets * payload.length };
}
