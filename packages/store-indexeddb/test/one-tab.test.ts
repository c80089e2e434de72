import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPeer, openTab, servePage, untrustedHost, type Inside, type ServedPage } from './served-page.ts';

describe.skipIf(chromiumPeer.isMissing)('one tab at a time has the IndexedDB store', { timeout: 30_000 }, () => {
  let served: ServedPage;
  beforeAll(async () => {
    served = await servePage();
  }, 60_000);
  afterAll(() => served.close(), 30_000);

  test('the second tab is refused, and told who has it', async () => {
    const first = await openTab(served);
    const second = await openTab(served);
    await own(first);
    const refusal = await second.evaluate(() => {
      const { failureOf, indexedDbStore } = (globalThis as Inside).storePage;
      return failureOf(() => indexedDbStore('shared', { lockWaitMs: 50 }).open('lamp'));
    });
    const expected = { code: 'store-locked', retryable: true, holder: 'client "lamp" in /' };
    expect(refusal).toMatchObject(expected);
    expect(refusal?.message).toContain('client "lamp" in / has the database shared');
    await first.close();
    await second.close();
  });

  test.each([
    { end: 'is closed', leave: (tab: Page) => tab.close() },
    { end: 'goes to another page', leave: (tab: Page) => tab.goto('about:blank') },
    { end: 'closes the store', leave: (tab: Page) => tab.evaluate(() => (globalThis as Inside & Kept).kept.close()) },
  ])('the second tab waits, and takes over when the first $end', async ({ leave }) => {
    const first = await openTab(served);
    const second = await openTab(served);
    await own(first);
    const takenOver = second.evaluate(async () => {
      const { indexedDbStore } = (globalThis as Inside).storePage;
      const { outbound } = await indexedDbStore('shared', { lockWaitMs: Infinity }).open('lamp');
      return outbound.messages;
    });
    await second.waitForFunction(async () => (await navigator.locks.query()).pending?.length === 1);
    await leave(first);
    expect(await takenOver).toBe(1);
    await first.close();
    await second.close();
  });

  test('a store that is closed while it waits gives up, and has nothing', async () => {
    const first = await openTab(served);
    const second = await openTab(served);
    await own(first);
    const failure = await second.evaluate(async () => {
      const { failureOf, indexedDbStore } = (globalThis as Inside).storePage;
      const store = indexedDbStore('shared', { lockWaitMs: Infinity });
      const opening = failureOf(() => store.open('lamp'));
      await store.close();
      return opening;
    });
    expect(failure).toMatchObject({ code: 'store-closed' });
    await first.close();
    // What was asked for and not wanted any more stands in nobody's way.
    await own(second);
    await second.close();
  });

  test('a store whose lock was stolen commits nothing any more', async () => {
    const tab = await openTab(served);
    const failure = await tab.evaluate(async () => {
      const { failureOf, indexedDbStore, put } = (globalThis as Inside).storePage;
      const store = indexedDbStore('stolen');
      await store.open('lamp');
      await navigator.locks.request('omqtt-store:stolen', { steal: true }, () => undefined);
      return failureOf(() => store.commit([put(1)]));
    });
    expect(failure).toMatchObject({ code: 'store-locked', reason: 'taken' });
    await tab.close();
  });

  test('a page without Web Locks is refused, and told to be served by HTTPS', async () => {
    const tab = await openTab(served, `http://${untrustedHost}:${served.port}/`);
    const failure = await tab.evaluate(() => {
      const { failureOf, indexedDbStore } = (globalThis as Inside).storePage;
      return failureOf(() => indexedDbStore('any').open('lamp'));
    });
    expect(failure).toMatchObject({ code: 'store-failed', reason: 'missing', retryable: false });
    expect(failure?.message).toContain('HTTPS');
    await tab.close();
  });
});

/** What a tab keeps between two calls of the test. */
interface Kept {
  readonly kept: { close(): Promise<void> };
}

/** Opens the store in the tab, and keeps one message in it. */
function own(tab: Page): Promise<void> {
  return tab.evaluate(async () => {
    const { indexedDbStore, put } = (globalThis as Inside).storePage;
    const kept = indexedDbStore('shared');
    Object.assign(globalThis, { kept });
    await kept.open('lamp');
    await kept.commit([put(1)]);
  });
}
