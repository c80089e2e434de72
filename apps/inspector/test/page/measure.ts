/** Prints what the page weighs and how fast it is: `pnpm bench` in apps/inspector. CPU time, because other work adds to the wall's. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { RecordList } from '../../page/file/record-list.ts';
import { buildPage, openPage, type BuiltPage } from './browser.ts';
import { deskPartners, startPageServer } from './page-server.ts';
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

function printSizes(folder: string): void {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => /\.\w+$/.test(path));
  const gzipped = files.map((path): Size => [path, gzipSync(readFileSync(join(folder, path)), { level: 9 }).length]);
  const forFiles = gzipped.filter(([path]) => path.includes('file-worker'));
  console.log(
    `page, gzip: ${sum(gzipped) - sum(forFiles)} bytes; reader of dropped files, loaded with the first: ${sum(forFiles)}`,
  );
}

/** Milliseconds that the page worked until the first row was on the screen, and that passed. */
async function firstPaint(
  built: BuiltPage,
  url: string,
): Promise<{ readonly worked: number; readonly passed: number }> {
  const { page } = await openPage(built.browser, 'about:blank', false);
  await page.addInitScript(() => {
    const look = (): void => {
      if (document.querySelector('.list-row[data-direction]')) {
        requestAnimationFrame(() => Object.assign(globalThis, { paintedAt: performance.now() }));
      } else requestAnimationFrame(look);
    };
    look();
  });
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.goto(url);
  await page.waitForFunction(() => 'paintedAt' in globalThis);
  const passed = await page.evaluate(() => (globalThis as unknown as { readonly paintedAt: number }).paintedAt);
  const { metrics } = await session.send('Performance.getMetrics');
  const worked = (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1000;
  await page.close();
  return { worked, passed };
}

function median(values: readonly number[]): string {
  return (values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN).toFixed(0);
}

const traffic = manyPackets();
const built = await buildPage();
printSizes(built.folder);
for (const filter of [
  'type:publish qos>=1',
  'topic:plant/+/temp client:dev-*',
  'rtt>1ms or has:lint',
  'payload.json.temp>20',
]) {
  const times = Array.from({ length: RUNS }, () => {
    const before = process.cpuUsage();
    const list = new RecordList(filter, traffic.inspection.records);
    while (list.scan());
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  console.log(`filter over ${PACKETS} packets, ${filter}: ${median(times)} ms CPU (median of ${RUNS})`);
}
const server = await startPageServer(built.folder, deskPartners(traffic.inspection).make);
const paints = [];
for (let run = 0; run < RUNS; run += 1) paints.push(await firstPaint(built, server.url));
const worked = median(paints.map((paint) => paint.worked));
const passed = median(paints.map((paint) => paint.passed));
console.log(`first paint of ${PACKETS} rows: ${worked} ms worked by the page, ${passed} ms passed (median of ${RUNS})`);
server.close();
await built.close();
