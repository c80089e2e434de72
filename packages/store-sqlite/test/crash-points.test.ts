import { describe, expect, test } from 'vitest';
import type { StoredMessage, StoredSession } from '@omqtt/contracts';
import { sqliteStore } from '../src/index.ts';
import { commits, stateAfter } from './crashing-commits.ts';
import { readAll } from './messages.ts';
import { newFolder } from './new-folder.ts';
import { startStoreProcess } from './store-process.ts';

/** Steps of all commits together: the beginning, each change, the moments before and after the disk has it. */
const STEPS = commits.reduce((sum, changes) => sum + changes.length + 3, 0);

interface Found {
  readonly messages: readonly StoredMessage[];
  readonly inboundIds: readonly number[];
  readonly filters: readonly string[];
}

describe('a process that is killed between any two steps of its commits', () => {
  test.each(Array.from({ length: 4 }, (_, lane) => lane))(
    'leaves whole commits: all that were confirmed, and at most the one after (lane %i)',
    { timeout: 60_000 },
    async (lane) => {
      for (let step = lane; step <= STEPS; step += 4) {
        const path = `${newFolder()}/state.db`;
        const child = startStoreProcess('commit-until-killed.ts', [path, String(step)]);
        await child.gone;
        const confirmed = child.lines.length;
        const store = sqliteStore(path);
        const found = await describeSession(await store.open('crash'));
        await store.close();
        const possible = [confirmed, Math.min(confirmed + 1, commits.length)].map((count) => stateAfter(count));
        expect(possible, `killed at step ${step}, after ${confirmed} commits`).toContainEqual(found);
      }
    },
  );
});

async function describeSession(session: StoredSession): Promise<Found> {
  return {
    messages: await readAll(session),
    inboundIds: session.inboundIds,
    filters: session.subscriptions.map(({ filter }) => filter),
  };
}
