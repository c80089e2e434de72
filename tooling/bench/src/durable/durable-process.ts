/** The process of one contestant: prints what it found as JSON. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { sqliteStore } from '@omqtt/store-sqlite';
import { connectAsync } from 'mqtt';
import { createClient, type Client, type SessionStore } from 'omqtt';
import { WAITING, type DurableRun, type OpenRun } from './measurement.ts';

const [task = '', port = '', path = ''] = process.argv.slice(2);
const url = `mqtt://127.0.0.1:${port}`;
const WINDOW = 1000;
const payload = new Uint8Array(100).fill(1);

type Publish = () => Promise<unknown>;

const results: Readonly<Record<string, () => Promise<unknown>>> = {
  'omqtt, full': () => publishOnDisk('full'),
  'omqtt, normal': () => publishOnDisk('normal'),
  'MQTT.js in memory': publishWithPeer,
  'one commit a message': commitOneByOne,
  fill,
  open,
};

console.log(JSON.stringify(await results[task]?.()));
process.exit(0);

function newClient(store: SessionStore): Client {
  const session = { expirySeconds: 3600, store };
  return createClient(url, { version: '5.0', clientId: 'durable', cleanStart: false, session });
}

async function publishOnDisk(durability: 'full' | 'normal'): Promise<DurableRun> {
  const client = newClient(sqliteStore(path, { durability }));
  await client.connect();
  const found = await measure(60_000, WINDOW, () => client.publish('bench/durable', payload, { qos: 1 }));
  await client.close();
  return found;
}

async function publishWithPeer(): Promise<DurableRun> {
  const client = await connectAsync(url, { protocolVersion: 5, clientId: 'memory', clean: false });
  const bytes = Buffer.from(payload);
  return measure(30_000, WINDOW, () => client.publishAsync('bench/durable', bytes, { qos: 1 }));
}

interface Database {
  pragma(text: string): void;
  exec(text: string): void;
  prepare(text: string): { run(...values: unknown[]): void };
}

async function commitOneByOne(): Promise<DurableRun> {
  const store = fileURLToPath(import.meta.resolve('@omqtt/store-sqlite'));
  const Sqlite = createRequire(store)('better-sqlite3') as new (file: string) => Database;
  const database = new Sqlite(path);
  for (const text of ['locking_mode = EXCLUSIVE', 'journal_mode = WAL', 'synchronous = FULL']) database.pragma(text);
  database.exec('CREATE TABLE message (sequence INTEGER PRIMARY KEY, topic TEXT, payload BLOB)');
  const put = database.prepare('INSERT INTO message (topic, payload) VALUES (?, ?)');
  return measure(2000, 1, async () => put.run('bench/durable', payload));
}

async function measure(count: number, lanes: number, publish: Publish): Promise<DurableRun> {
  let begun = 0;
  const lane = async (until: number): Promise<void> => {
    while (begun < until) {
      begun += 1;
      await publish();
    }
  };
  const run = (until: number): Promise<unknown> => Promise.all(Array.from({ length: lanes }, () => lane(until)));
  const warmUp = count / 10;
  await run(warmUp);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const [cpu, disk, started] = [process.cpuUsage(), bytesWritten(), performance.now()];
  await run(count);
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  delay.disable();
  const done = count - warmUp;
  return {
    perSecond: done / seconds,
    cpuMicroseconds: (user + system) / done,
    diskBytes: (bytesWritten() - disk) / done,
    delayMs: { p50: inMs(delay.percentile(50)), p99: inMs(delay.percentile(99)), most: inMs(delay.max) },
  };
}

function inMs(nanoseconds: number): number {
  return nanoseconds / 1e6;
}

/** By this process to the disk, where the system tells. */
function bytesWritten(): number {
  const file = '/proc/self/io';
  if (!existsSync(file)) return Number.NaN;
  return Number(/^write_bytes: (\d+)$/m.exec(readFileSync(file, 'utf8'))?.[1]);
}

/** Each payload begins with its number. */
async function fill(): Promise<boolean> {
  const store = sqliteStore(path);
  await store.open('durable');
  for (let from = 1; from <= WAITING; from += 1000) {
    const messages = Array.from({ length: 1000 }, (_, index) => {
      const numbered = Buffer.alloc(100);
      numbered.writeUInt32BE(from + index);
      return {
        sequence: from + index,
        stage: 'waiting',
        topic: 'bench/durable',
        payload: numbered,
        qos: 1,
        retain: false,
      } as const;
    });
    await store.commit(messages.map((message) => ({ type: 'put', message })));
  }
  await store.close();
  return true;
}

async function open(): Promise<OpenRun> {
  const store = sqliteStore(path);
  const [started, cpu] = [performance.now(), process.cpuUsage()];
  const session = await store.open('durable');
  const openMs = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  for (
    let after = 0, window = await session.read(0, 1000);
    window.length > 0;
    window = await session.read(after, 1000)
  ) {
    after = window.at(-1)?.sequence ?? 0;
  }
  const readMs = performance.now() - started - openMs;
  await store.close();

  const client = newClient(store);
  globalThis.gc?.();
  const [before, restoring] = [process.memoryUsage.rss(), performance.now()];
  await client.connect();
  const restoreMs = performance.now() - restoring;
  let most = process.memoryUsage.rss();
  while (client.counts.waitingMessages + client.counts.inFlight > 0) {
    await wait(10);
    most = Math.max(most, process.memoryUsage.rss());
  }
  await client.close();
  return { openMs, openCpuMs: (user + system) / 1000, readMs, restoreMs, grownBytes: most - before };
}
