import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storeExam, type StoreUnderExam } from '@omqtt/testkit';
import { describe, expect, test } from 'vitest';
import { SqliteStore } from '../src/sqlite-store.ts';
import { resolveOptions, type Durability } from '../src/store-options.ts';
import { TroubleKind } from '../src/thread/trouble.ts';
import { cacheCompiledSources } from './compile-cache.ts';

cacheCompiledSources();

// Each case has a file of its own and mostly waits for its threads to start and for the disk, so they run side by side.
describe.concurrent.each<Durability>(['full', 'normal'])(
  'the SQLite store with durability %s passes:',
  (durability) => {
    const exam = storeExam(() => makeStore(durability), { isDurable: true, canFail: true });
    test.each(exam)('$title', async ({ run }) => {
      await expect(run()).resolves.toBeUndefined();
    });
  },
);

async function makeStore(durability: Durability): Promise<StoreUnderExam> {
  const folder = mkdtempSync(join(tmpdir(), 'omqtt-sqlite-'));
  const trouble = new SharedArrayBuffer(8);
  const plan = new Int32Array(trouble);
  const store = (): SqliteStore => new SqliteStore(`${folder}/state.db`, resolveOptions({ durability }), trouble);
  return {
    store: store(),
    reopen: async () => store(),
    dispose: async () => rmSync(folder, { recursive: true }),
    failNextCommit() {
      // After the beginning and two changes.
      plan.set([3, TroubleKind.fail]);
    },
  };
}
