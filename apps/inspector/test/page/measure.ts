/** Prints what the page weighs and how fast it is: `pnpm bench` in apps/inspector. CPU time of the filters, because other work adds to the wall's. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { compileFilter } from '@omqtt/inspect';
import { RecordView } from '../../src/pages/record-view.ts';
import { buildPage, newReader, openPage, type BuiltPage } from './browser.ts';
import { inspectMany } from './many-packets.ts';
import { printMotion } from './measure-motion.ts';
import { Traffic } from './traffic.ts';

const PACKETS = 100_000;
const RUNS = 5;

function manyPackets(): Traffic {
  const traffic = new Traffic();
  traffic.connect('tcp-1', 'dev-1');
  for (let index = 0; traffic.inspection.records.length < PACKETS; index += 1) {
    traffic.publish('tcp-1', `plant/${index % 100}/temp`, {
      packetId: (index % 1000) + 1,
      payload: `{"temp":${index % 40}}`,
    });
  }
  return traffic;
}

type Size = readonly [path: string, gzipped: number];

function sum(sizes: readonly Size[]): number {
  return sizes.reduce((total, [, size]) => total + size, 0);
}

/** What the browser asks for before something rare is wanted: what the page names, and what that needs. */
function filesAtStart(folder: string): ReadonlySet<string> {
  const found = new Set<string>();
  const add = (path: string): void => {
    if (found.has(path)) return;
    found.add(path);
    if (!/\.(?:html|js)$/.test(path)) return;
    const text = readFileSync(join(folder, path), 'utf8');
    for (const [, name = ''] of text.matchAll(/(?:(?:src|href)=|from|import)\s*"\.\/([^"]+)"/g)) {
      add(join(dirname(path), name));
    }
  };
  add('index.html');
  return found;
}

function printSizes(folder: string): void {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => /\.\w+$/.test(path));
  const gzipped = files.map((path): Size => [path, gzipSync(readFileSync(join(folder, path)), { level: 9 }).length]);
  const names = filesAtStart(folder);
  const atStart = gzipped.filter(([path]) => names.has(path));
  const forFiles = gzipped.filter(([path]) => path.includes('file-worker'));
  const later = sum(gzipped) - sum(atStart) - sum(forFiles);
  console.log(
    `page, gzip: ${sum(atStart)} bytes at the start, ${sum(atStart) + later} with the parts that come when they are ` +
      `wanted (budget 60000); reader of dropped files, loaded with the first: ${sum(forFiles)}`,
  );
}

const milestones = ['script', 'open', 'page', 'hello', 'rows', 'painted'] as const;

interface Paint {
  /** Milliseconds that the page worked. */
  readonly worked: number;
  /** Since the address was entered, by milestone. */
  readonly passed: readonly number[];
}

async function firstPaint({ browser }: BuiltPage, url: string): Promise<Paint> {
  const reader = await newReader(browser);
  const { page } = await openPage(reader, 'about:blank', false);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.goto(url);
  await page.waitForFunction(() => performance.getEntriesByName('omqtt-painted').length > 0);
  const passed = await page.evaluate(
    (names) => names.map((name) => performance.getEntriesByName(`omqtt-${name}`)[0]?.startTime ?? Number.NaN),
    milestones,
  );
  const { metrics } = await session.send('Performance.getMetrics');
  const worked = (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1000;
  await reader.close();
  return { worked, passed };
}

async function printFirstPaint(browser: BuiltPage, count: number): Promise<void> {
  const inspector = await inspectMany(count);
  const paints: Paint[] = [];
  // The first one warms the browser up.
  for (let run = 0; run <= RUNS; run += 1) paints.push(await firstPaint(browser, inspector.url));
  await inspector.close();
  const counted = paints.slice(1);
  const way = milestones.map(
    (name, index) => `${name} ${median(counted.map(({ passed }) => passed[index] ?? Number.NaN))}`,
  );
  const best = Math.min(...counted.map(({ passed }) => passed.at(-1) ?? Number.NaN)).toFixed(0);
  console.log(
    `first paint of ${count} rows, real server, median of ${RUNS} in ms by the clock: ${way.join(', ')} ` +
      `(best ${best}; budget 300); the page worked ${median(counted.map(({ worked }) => worked))} ms`,
  );
}

function median(values: readonly number[]): string {
  return (values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN).toFixed(0);
}

const traffic = manyPackets();
const built = await buildPage();
printSizes(built.folder);
/** Milliseconds: column terms, and a path into the payload. */
const [COLUMN_BUDGET_MS, PATH_BUDGET_MS] = [100, 1000];
for (const [filter, budget] of [
  ['type:publish qos>=1', COLUMN_BUDGET_MS],
  ['topic:plant/+/temp client:dev-*', COLUMN_BUDGET_MS],
  ['rtt>1ms or has:lint', COLUMN_BUDGET_MS],
  ['payload.json.temp>20', PATH_BUDGET_MS],
] as const) {
  const times = Array.from({ length: RUNS }, () => {
    const before = process.cpuUsage();
    new RecordView(traffic.inspection.records, compileFilter(filter).matches).advance(() => false);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  console.log(
    `filter over ${PACKETS} packets, ${filter}: ${median(times)} ms CPU (median of ${RUNS}; budget ${budget})`,
  );
}
for (const count of [PACKETS, 1_000_000]) await printFirstPaint(built, count);
await printMotion(built);
await built.close();
