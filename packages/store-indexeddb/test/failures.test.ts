import type { SessionStore, StoredSession } from '@omqtt/contracts';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, test } from 'vitest';
import { chromiumPeer, openTab, servePage, type Inside, type ServedPage } from './served-page.ts';

describe.skipIf(chromiumPeer.isMissing)('the IndexedDB store', { timeout: 30_000 }, () => {
  let served: ServedPage;
  let tab: Page;
  beforeAll(async () => {
    served = await servePage();
  }, 60_000);
  afterAll(() => served.close(), 30_000);
  beforeEach(async () => {
    tab = await openTab(served);
  });
  afterEach(() => tab.close());

  test('is full when the quota is used up, still removes, and goes on when there is room', async () => {
    const session = await tab.context().newCDPSession(tab);
    const quota = async (quotaSize?: number): Promise<void> => {
      const origin = new URL(served.url).origin;
      await session.send('Storage.overrideQuotaForOrigin', {
        origin,
        ...(quotaSize === undefined ? {} : { quotaSize }),
      });
    };
    await quota(1_000_000);
    const filled = await tab.evaluate(async () => {
      const { failureOf, indexedDbStore, put } = (globalThis as Inside).storePage;
      const store = indexedDbStore('full');
      Object.assign(globalThis, { store });
      await store.open('lamp');
      for (let sequence = 1; sequence <= 100; sequence += 1) {
        const failure = await failureOf(() => store.commit([put(sequence, 50_000)]));
        if (failure === undefined) continue;
        const removal = await failureOf(() => store.commit([{ type: 'remove', sequence: 1 }]));
        return { accepted: sequence - 1, failure, removal };
      }
      return undefined;
    });
    expect(filled?.failure).toMatchObject({ code: 'store-full', retryable: true });
    expect(filled?.removal).toBeUndefined();
    await quota();
    const found = await tab.evaluate(async () => {
      const { indexedDbStore, put } = (globalThis as Inside).storePage;
      const { store } = globalThis as unknown as { readonly store: ReturnType<typeof indexedDbStore> };
      await store.commit([put(1000)]);
      await store.close();
      const again = await store.open('lamp');
      return (await again.read(0, 1000)).map(({ sequence }) => sequence);
    });
    // All that were accepted but the first, which was removed, and the one for which there was room again.
    const kept = Array.from({ length: (filled?.accepted ?? 0) - 1 }, (_, index) => index + 2);
    expect(found).toEqual([...kept, 1000]);
  });

  test('refuses a database that a later version wrote, and one of another program', async () => {
    const failures = await tab.evaluate(async () => {
      const { failureOf, indexedDbStore, makeDatabase } = (globalThis as Inside).storePage;
      await makeDatabase('later', 99);
      await makeDatabase('other', 1);
      return [
        await failureOf(() => indexedDbStore('later').open('lamp')),
        await failureOf(() => indexedDbStore('other').open('lamp')),
        // What was refused is not held.
        (await navigator.locks.query()).held,
      ];
    });
    expect(failures).toMatchObject([{ code: 'store-too-new' }, { code: 'store-corrupt', reason: 'foreign' }, []]);
  });

  test('lets its database be deleted, fails until it is opened again, and is empty then', async () => {
    const seen = await tab.evaluate(async () => {
      const { failureOf, indexedDbStore, put } = (globalThis as Inside).storePage;
      const store = indexedDbStore('deleted');
      const session = await store.open('lamp');
      await store.commit([put(1)]);
      await new Promise((resolve, reject) => {
        const request = indexedDB.deleteDatabase('deleted');
        request.addEventListener('success', resolve);
        request.addEventListener('blocked', () => reject(new Error('it was held')));
      });
      const commit = await failureOf(() => store.commit([put(2)]));
      const read = await failureOf(() => session.read(0, 1));
      await store.close();
      return { commit, read, left: (await store.open('lamp')).outbound.messages };
    });
    const failure = { code: 'store-failed', reason: 'deleted' };
    expect(seen).toMatchObject({ commit: failure, read: failure, left: 0 });
  });

  test('gives way to a later version in another tab, which finds all rows, and says what to do', async () => {
    const database = 'replaced';
    await tab.evaluate(async (name) => {
      const { indexedDbStore, put } = (globalThis as Inside).storePage;
      const store = indexedDbStore(name);
      const session = await store.open('lamp');
      await store.commit([put(1)]);
      Object.assign(globalThis, { store, session });
    }, database);
    const later = await openTab(served);
    // Resolves only when the store lets go.
    const found = await later.evaluate(async (name) => {
      const { makeDatabase, rowsOf } = (globalThis as Inside).storePage;
      await makeDatabase(name, 2);
      return (await rowsOf(name)).map(({ store, key }) => [store, ...key]);
    }, database);
    await later.close();
    const seen = await tab.evaluate(async () => {
      const { failureOf, put } = (globalThis as Inside).storePage;
      const { store, session } = globalThis as unknown as { store: SessionStore; session: StoredSession };
      const commit = await failureOf(() => store.commit([put(2)]));
      const read = await failureOf(() => session.read(0, 1));
      await store.close();
      return { commit, read, open: await failureOf(() => store.open('lamp')) };
    });
    const replaced = { code: 'store-failed', reason: 'replaced', retryable: false };
    expect(seen).toMatchObject({ commit: replaced, read: replaced, open: { code: 'store-too-new' } });
    expect(found).toEqual([
      ['messages', 'lamp', 1, 1],
      ['sessions', 'lamp'],
    ]);
  });

  test('gives up when the database does not open in ten seconds, and holds nothing when it opens after that', async () => {
    const seen = await tab.evaluate(async () => {
      const { failureOf, indexedDbStore, resultOf } = (globalThis as Inside).storePage;
      const holder = await resultOf(indexedDB.open('slow'));
      // Nothing opens while it waits for the holder.
      const deleting = resultOf(indexedDB.deleteDatabase('slow'));

      // The clock of the test: what is due is called by hand.
      const timers: { readonly call: () => void; readonly afterMs: number | undefined }[] = [];
      const platform = globalThis.setTimeout;
      Object.assign(globalThis, {
        setTimeout: (call: () => void, afterMs?: number) => timers.push({ call, afterMs }),
      });
      const store = indexedDbStore('slow', { lockWaitMs: 0 });
      const opening = failureOf(() => store.open('lamp'));
      while (timers.length === 0) await navigator.locks.query();
      Object.assign(globalThis, { setTimeout: platform });
      for (const { call } of timers) call();
      const failure = await opening;
      const { held } = await navigator.locks.query();

      holder.close();
      await deleting;
      // Stands behind the opening that came too late, and would wait for its database without end.
      await resultOf(indexedDB.deleteDatabase('slow'));
      const { outbound } = await store.open('lamp');
      await store.close();
      return { failure, held, afterMs: timers.map(({ afterMs }) => afterMs), messages: outbound.messages };
    });
    expect(seen).toMatchObject({
      failure: { code: 'store-failed', reason: 'timeout', retryable: true },
      held: [],
      afterMs: [10_000],
      messages: 0,
    });
  });

  test('fails when the browser clears its site data', async () => {
    await tab.evaluate(async () => {
      const { indexedDbStore, put } = (globalThis as Inside).storePage;
      const store = indexedDbStore('cleared');
      Object.assign(globalThis, { store });
      await store.open('lamp');
      await store.commit([put(1)]);
    });
    const session = await tab.context().newCDPSession(tab);
    const { origin } = new URL(served.url);
    await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' });
    const failure = await tab.evaluate(async () => {
      const { failureOf, indexedDbStore, put } = (globalThis as Inside).storePage;
      const { store } = globalThis as unknown as { readonly store: ReturnType<typeof indexedDbStore> };
      return failureOf(() => store.commit([put(2)]));
    });
    expect(failure).toMatchObject({ code: 'store-failed', reason: 'closed-by-browser' });
  });

  test('fails with a reason where the browser refuses storage', async () => {
    // A frame without an origin is refused as a page is whose site data is blocked.
    await tab.evaluate((url) => {
      const frame = document.createElement('iframe');
      frame.setAttribute('sandbox', 'allow-scripts');
      frame.src = url;
      document.body.append(frame);
    }, served.url);
    await expect.poll(() => tab.frames().length).toBe(2);
    const [, frame] = tab.frames();
    await frame?.waitForFunction(() => 'storePage' in globalThis);
    const failure = await frame?.evaluate(() => {
      const { failureOf, indexedDbStore } = (globalThis as Inside).storePage;
      return failureOf(() => indexedDbStore('any').open('lamp'));
    });
    expect(failure).toMatchObject({ code: 'store-failed', reason: 'refused', retryable: false });
  });

  test('refuses messages above its limits, one commit and not its neighbours, and always removes', async () => {
    const seen = await tab.evaluate(async () => {
      const { failureOf, indexedDbStore, put } = (globalThis as Inside).storePage;
      const store = indexedDbStore('limits', { maxMessages: 3, maxBytes: 100 });
      const session = await store.open('lamp');
      const together = await Promise.all(
        [[put(1, 60)], [put(2, 41)], [put(3, 10)], [put(4), put(5)], [put(6)]].map((changes) =>
          failureOf(() => store.commit(changes)),
        ),
      );
      await store.commit([{ type: 'remove', sequence: 1 }, put(7, 60)]);
      const kept = await session.read(0, 10);
      return { codes: together.map((failure) => failure?.code), kept: kept.map(({ sequence }) => sequence) };
    });
    expect(seen.codes).toEqual([undefined, 'store-full', undefined, 'store-full', undefined]);
    expect(seen.kept).toEqual([3, 6, 7]);
  });

  test.each(['strict', 'relaxed'] as const)('commits a hundred calls in one %s transaction', async (durability) => {
    const durabilities = await tab.evaluate(async (asked) => {
      const { indexedDbStore, put } = (globalThis as Inside).storePage;
      const store = indexedDbStore(`group ${asked}`, asked === 'strict' ? {} : { durability: asked });
      await store.open('lamp');
      const seen: string[] = [];
      const commit: () => void = Reflect.get(IDBTransaction.prototype, 'commit');
      IDBTransaction.prototype.commit = function recorded() {
        seen.push(this.durability);
        commit.call(this);
      };
      await Promise.all(Array.from({ length: 100 }, async (_, index) => store.commit([put(index + 1)])));
      return seen;
    }, durability);
    expect(durabilities).toEqual([durability]);
  });

  test('one commit that cannot be kept does not take the others of its transaction with it', async () => {
    const seen = await tab.evaluate(async () => {
      const { failureOf, indexedDbStore, put } = (globalThis as Inside).storePage;
      const store = indexedDbStore('neighbours');
      const session = await store.open('lamp');
      const bad = put(2);
      Object.assign((bad as { message: object }).message, { properties: { contentType: () => 'no data' } });
      const failures = await Promise.all(
        [put(1), bad, put(3)].map((change) => failureOf(() => store.commit([change]))),
      );
      const kept = await session.read(0, 10);
      return { codes: failures.map((failure) => failure?.code), kept: kept.map(({ sequence }) => sequence) };
    });
    expect(seen).toEqual({ codes: [undefined, 'store-failed', undefined], kept: [1, 3] });
  });
});
