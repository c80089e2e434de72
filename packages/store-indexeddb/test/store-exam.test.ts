import { storeExam } from '@omqtt/testkit';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPeer, openTab, servePage, type Inside, type ServedPage } from './served-page.ts';

describe.skipIf(chromiumPeer.isMissing)('the IndexedDB store in Chromium passes:', () => {
  let served: ServedPage;
  let tab: Page;
  beforeAll(async () => {
    served = await servePage();
    tab = await openTab(served);
  }, 60_000);
  afterAll(() => served.close(), 30_000);

  // Here for the titles; the page has the same cases with a store.
  const cases = storeExam(() => Promise.reject(new Error('never')), { isDurable: true, canFail: true });
  test.each(cases)('$title', { timeout: 30_000 }, async ({ title }) => {
    expect(await tab.evaluate((which) => (globalThis as Inside).storePage.examine(which), title)).toBeUndefined();
  });
});
