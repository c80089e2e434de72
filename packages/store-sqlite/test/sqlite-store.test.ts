import { storeExam, type StoreUnderExam } from '@omqtt/testkit';
import { describe, expect, test } from 'vitest';
import { SqliteStore } from '../src/sqlite-store.ts';
import { resolveOptions } from '../src/store-options.ts';
import { TroubleKind } from '../src/thread/trouble.ts';
import { newFolder } from './new-folder.ts';

describe('the SQLite store passes:', () => {
  const exam = storeExam(() => makeStore(), { isDurable: true, canFail: true });
  test.each(exam)('$title', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });
});

async function makeStore(): Promise<StoreUnderExam> {
  const path = `${newFolder()}/state.db`;
  const trouble = new SharedArrayBuffer(8);
  const plan = new Int32Array(trouble);
  const store = (): SqliteStore => new SqliteStore(path, resolveOptions({}), trouble);
  return {
    store: store(),
    reopen: async () => store(),
    dispose: async () => undefined,
    failNextCommit() {
      // After the beginning and two changes.
      plan.set([3, TroubleKind.fail]);
    },
  };
}
