/** The lines of the durability table that no other test shows. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPeer, openTab, servePage, startChromium, type Inside, type ServedPage } from './served-page.ts';

const durabilities = ['strict', 'relaxed'] as const;

describe.skipIf(chromiumPeer.isMissing)('what the IndexedDB store has accepted', () => {
  let served: ServedPage;
  beforeAll(async () => {
    served = await servePage();
  }, 60_000);
  afterAll(() => served.close(), 30_000);

  test('is there after the browser was closed, and after its process has died', { timeout: 60_000 }, async () => {
    const kept: unknown[] = [];
    let { browser } = served;
    for (const end of ['closed', 'died'] as const) {
      const tab = await openTab({ ...served, browser });
      kept.push(await tab.evaluate(keepOneMore, durabilities));
      const gone = browser.waitForEvent('close');
      const session = await browser.newCDPSession(tab);
      // The dead do not answer.
      if (end === 'died') session.send('Browser.crash').catch(() => undefined);
      else await browser.close();
      await gone;
      browser = await startChromium(served.profile);
    }
    const tab = await openTab({ ...served, browser });
    kept.push(await tab.evaluate(keepOneMore, durabilities));
    await browser.close();
    expect(kept).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
  });
});

/** Runs in the page: how many messages there are, one more included, in a store of each durability. */
function keepOneMore(asked: readonly ('strict' | 'relaxed')[]): Promise<readonly number[]> {
  const { indexedDbStore, put } = (globalThis as Inside).storePage;
  return Promise.all(
    asked.map(async (durability) => {
      const store = indexedDbStore(`survivor ${durability}`, { durability });
      const { outbound, nextSequence } = await store.open('lamp');
      await store.commit([put(nextSequence)]);
      return outbound.messages + 1;
    }),
  );
}
