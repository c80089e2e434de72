/**
 * What a publish over HTTP costs the process of the bridge, in microseconds of CPU: turn and turn about with the limit
 * and with what one would write without a bridge. `node --conditions=@omqtt/source scripts/bench.ts`, with mosquitto.
 */
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requirePeer } from '@omqtt/peers';
import { SECRET } from './bench-server.ts';
import { load } from './load.ts';

const ROUNDS = Number(process.env['ROUNDS'] ?? 5);
const REQUESTS = Number(process.env['REQUESTS'] ?? 20_000);
const CONNECTIONS = 64;
const BATCH = 1000;

interface Server {
  readonly name: string;
  readonly child: ChildProcess;
  readonly port: number;
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'omqtt-bench-'));
  const broker = await startMosquitto(folder);
  const servers: Server[] = [];
  try {
    for (const name of ['limit', 'bare', 'bridge']) servers.push(await startServer(name, broker.url));
    const costs = await measureAll(servers);
    print(costs);
    const bridge = servers.find(({ name }) => name === 'bridge');
    if (bridge !== undefined) await measureBatch(bridge);
  } finally {
    for (const { child } of [...servers, broker]) child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  }
}

async function measureAll(servers: readonly Server[]): Promise<ReadonlyMap<string, readonly number[]>> {
  const costs = new Map<string, number[]>(servers.map(({ name }) => [name, []]));
  // The first round is for the compiler.
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const server of servers) {
      const cost = await measure(server);
      if (round > 0) costs.get(server.name)?.push(cost);
    }
  }
  return costs;
}

function headOf(path: string): string {
  const lines = [
    `POST ${path} HTTP/1.1`,
    'host: bench',
    'content-type: application/json',
    `authorization: Bearer omq_bench_${SECRET}`,
  ];
  return `${lines.join('\r\n')}\r\n`;
}

async function measure(server: Server): Promise<number> {
  const body = Buffer.from(JSON.stringify({ topic: 'bench/a/b', payload: 'x'.repeat(64) }));
  const before = await cpuOf(server);
  const plan = { port: server.port, head: headOf('/v1/publish'), body, requests: REQUESTS, connections: CONNECTIONS };
  const statuses = await load(plan);
  const after = await cpuOf(server);
  // A fast server that answers something else is none.
  if (statuses.get(200) !== REQUESTS) throw new Error(`${server.name} answered ${JSON.stringify([...statuses])}`);
  return (after - before) / REQUESTS;
}

async function measureBatch(server: Server): Promise<void> {
  const messages = Array.from({ length: BATCH }, (_, number) => ({
    topic: `bench/${number % 10}`,
    payload: 'x'.repeat(64),
  }));
  const body = Buffer.from(JSON.stringify({ messages }));
  const rates: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const before = await cpuOf(server);
    const requests = 40;
    const statuses = await load({
      port: server.port,
      head: headOf('/v1/publish/batch'),
      body,
      requests,
      connections: 2,
    });
    if (statuses.get(200) !== requests) throw new Error(`the batch was answered ${JSON.stringify([...statuses])}`);
    if (round > 0) rates.push((requests * BATCH) / (((await cpuOf(server)) - before) / 1e6));
  }
  const median = rates.toSorted((a, b) => a - b)[Math.floor(rates.length / 2)] ?? 0;
  console.log(`batch of ${BATCH} at QoS 1: ${Math.round(median)} messages for a second of CPU`);
}

function print(costs: ReadonlyMap<string, readonly number[]>): void {
  const medians = new Map([...costs].map(([name, list]) => [name, list.toSorted((a, b) => a - b)]));
  const limit = medianOf(medians.get('limit'));
  for (const [name, sorted] of medians) {
    const median = medianOf(sorted);
    const ratio = (median / limit).toFixed(2);
    console.log(
      `${name.padEnd(8)} ${median.toFixed(1)} µs CPU a request (least ${sorted[0]?.toFixed(1)}), ${ratio} × the limit`,
    );
  }
}

function medianOf(sorted: readonly number[] = []): number {
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

async function startServer(name: string, brokerUrl: string): Promise<Server> {
  const child = fork(join(import.meta.dirname, 'bench-server.ts'), [name, brokerUrl]);
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  // The bridge connects meanwhile.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  return { name, child, port };
}

async function cpuOf({ child }: Server): Promise<number> {
  child.send('cpu');
  const [{ cpu }] = (await once(child, 'message')) as [{ cpu: NodeJS.CpuUsage }];
  return cpu.user + cpu.system;
}

async function startMosquitto(folder: string): Promise<{ child: ChildProcess; url: string }> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  await once(probe.close(), 'close');
  const lines = [
    `listener ${port} 127.0.0.1`,
    'allow_anonymous true',
    'user root',
    'max_inflight_messages 1000',
    'max_queued_messages 0',
  ];
  writeFileSync(join(folder, 'mosquitto.conf'), `${lines.join('\n')}\n`);
  const child = spawn(requirePeer('mosquitto').path, ['-c', join(folder, 'mosquitto.conf')], { stdio: 'ignore' });
  await new Promise((resolve) => setTimeout(resolve, 500));
  return { child, url: `mqtt://127.0.0.1:${port}` };
}

await main();
