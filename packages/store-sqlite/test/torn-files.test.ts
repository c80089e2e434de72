import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { seededRandom } from '@omqtt/testkit';
import { expect, test } from 'vitest';
import { sqliteStore, SqliteStoreError } from '../src/index.ts';
import { readAll } from './messages.ts';
import { newFolder } from './new-folder.ts';
import { startStoreProcess } from './store-process.ts';
import { BATCH, messagesAfter, OLD_MESSAGES, oldMessages } from './torn-batches.ts';

const ROUNDS = 25;
const CONFIRMED = 50;

/** A database and a log as a killed process leaves them: some messages are in one, some in the other. */
async function killedStore(): Promise<string> {
  const path = `${newFolder()}/state.db`;
  const store = sqliteStore(path);
  await store.open('torn');
  await store.commit(oldMessages().map((message) => ({ type: 'put', message })));
  await store.close();
  const child = startStoreProcess('fill-until-killed.ts', [path]);
  await child.printed(CONFIRMED);
  await child.kill();
  return path;
}

test('a sound pair of files opens with every commit that was confirmed', async () => {
  const path = await killedStore();
  expect(statSync(`${path}-wal`).size).toBeGreaterThan(4096);
  expect(await batchesIn(path)).toBe(CONFIRMED);
});

test(
  `after each of ${ROUNDS} random cuts and flips it opens with whole commits, or reports`,
  { timeout: 60_000 },
  async () => {
    const path = await killedStore();
    const random = seededRandom(20_261_128);
    const reports: (string | undefined)[] = [];
    const batchesBesideSoundLog: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const copy = `${mkdtempSync(`${dirname(path)}/round-`)}/state.db`;
      for (const suffix of ['', '-wal']) copyFileSync(path + suffix, copy + suffix);
      const suffix = random.bool(0.5) ? '' : '-wal';
      damage(copy + suffix, random);
      const before = bytesOf(copy);
      const { batches, report } = await openDamaged(copy);
      reports.push(report);
      if (suffix === '' && batches !== undefined) batchesBesideSoundLog.push(batches);
      expect(report === undefined || bytesOf(copy) === before, 'a damaged file is left as it is').toBe(true);
      rmSync(dirname(copy), { recursive: true });
    }
    // What the log tells is sound, so none of it is lost.
    expect(new Set(batchesBesideSoundLog)).toEqual(new Set([CONFIRMED]));
    expect(new Set(reports)).toEqual(new Set([undefined, 'store-corrupt']));
  },
);

function damage(file: string, random: ReturnType<typeof seededRandom>): void {
  const { size } = statSync(file);
  if (random.bool(0.3)) {
    truncateSync(file, random.int(0, size - 1));
    return;
  }
  const bytes = readFileSync(file);
  for (let flips = random.int(1, 8); flips > 0; flips -= 1) {
    const at = random.int(0, size - 1);
    bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << random.int(0, 7)), at);
  }
  writeFileSync(file, bytes);
}

interface Outcome {
  readonly batches?: number;
  readonly report?: string;
}

async function openDamaged(path: string): Promise<Outcome> {
  try {
    return { batches: await batchesIn(path) };
  } catch (error) {
    if (error instanceof SqliteStoreError) return { report: error.code };
    throw error;
  }
}

function bytesOf(path: string): string {
  return readFileSync(path, 'latin1') + readFileSync(`${path}-wal`, 'latin1');
}

/** How many batches are there, each of them whole and as it was written. */
async function batchesIn(path: string): Promise<number> {
  const store = sqliteStore(path);
  try {
    const messages = await readAll(await store.open('torn'));
    const batches = (messages.length - OLD_MESSAGES) / BATCH;
    expect(messages).toEqual(messagesAfter(batches));
    return batches;
  } finally {
    await store.close();
  }
}
