import { seededRandom } from '@omqtt/testkit';
import { connect } from 'omqtt';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { mosquitto, startBroker } from '../../omqtt/test/mosquitto.ts';
import { chromiumPeer, openTab, servePage, type Inside, type ServedPage } from './served-page.ts';

/** Numbers of one life of the page; no life uses them up. */
const BLOCK = 100_000;

describe.skipIf(chromiumPeer.isMissing || mosquitto.isMissing)('a page that publishes with the IndexedDB store', () => {
  let served: ServedPage;
  beforeAll(async () => {
    served = await servePage();
  }, 60_000);
  afterAll(() => served.close(), 30_000);

  test.each([
    { end: 'reloaded', again: (tab: Page) => reload(tab) },
    { end: 'killed', again: (tab: Page) => kill(tab, served) },
  ])('loses no QoS 1 message and repeats no QoS 2 message when it is $end', { timeout: 60_000 }, async (life) => {
    const { url, webSocketUrl } = await startBroker({ webSocket: true, lines: ['max_queued_messages 0'] });
    const arrived = await collectNumbers(url);
    const random = seededRandom(4);
    const accepted = new Set<number>();
    let tab = await openTab(served);
    await served.browser.exposeFunction(`accepted_${life.end}`, (number: number) => void accepted.add(number));

    for (let round = 1; round <= 4; round += 1) {
      const enough = accepted.size + random.int(20, 200);
      const plan = { url: webSocketUrl, store: life.end, first: round * BLOCK, count: BLOCK };
      const publishing = tab.evaluate((given) => (globalThis as Inside).storePage.publishNumbers(given), plan);
      // The page does not live to the end of it.
      publishing.catch(() => undefined);
      await expect.poll(() => accepted.size, { timeout: 20_000, interval: 1 }).toBeGreaterThan(enough);
      tab = await life.again(tab);
    }
    const left = await tab.evaluate((given) => (globalThis as Inside).storePage.deliver(given), {
      url: webSocketUrl,
      store: life.end,
    });
    expect(left).toBe(0);
    const lost = (): number[] => [...accepted].filter((number) => !arrived.has(number));
    await expect.poll(lost, { timeout: 10_000 }).toEqual([]);
    const twice = [...arrived].filter(([number, times]) => number % 2 === 0 && times > 1);
    expect(twice).toEqual([]);
    await tab.close();
  });
});

/** Even numbers come with QoS 2, odd ones with QoS 1. Returns how often each has come, which goes on. */
async function collectNumbers(url: string): Promise<ReadonlyMap<number, number>> {
  const arrived = new Map<number, number>();
  const client = await connect(url);
  onTestFinished(() => client.close());
  const subscription = client.subscribe('numbers/+', { qos: 2 }, (message) => {
    const number = Number(message.text());
    arrived.set(number, (arrived.get(number) ?? 0) + 1);
  });
  await subscription.ready;
  return arrived;
}

async function reload(tab: Page): Promise<Page> {
  await tab.reload();
  await tab.waitForFunction(() => 'storePage' in globalThis);
  return tab;
}

/** The process of the page ends at once, without a word to the page. */
async function kill(tab: Page, served: ServedPage): Promise<Page> {
  const session = await served.browser.newCDPSession(tab);
  const crashed = tab.waitForEvent('crash');
  // The dead do not answer.
  session.send('Page.crash').catch(() => undefined);
  await crashed;
  await tab.close();
  return openTab(served);
}
