import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundlePage, chromiumFlags, serveFolder } from '@omqtt/pages';
import { requirePeer } from '@omqtt/peers';
import { chromium, type Page } from 'playwright-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { mosquitto, startBroker } from './mosquitto.ts';
import type { OmqttPage } from './page/main.ts';

const browser = requirePeer('chromium');

type Inside = typeof globalThis & { readonly omqttPage: OmqttPage };

describe.skipIf(browser.isMissing || mosquitto.isMissing)('a page in Chromium', () => {
  test(
    'connects, publishes, subscribes, and survives a restart of the broker [parity O10, P14]',
    { timeout: 60_000 },
    async () => {
      const broker = await startBroker({ webSocket: true });
      const page = await openPage(await servePage());
      const first = await page.evaluate((url) => (globalThis as Inside).omqttPage.connect(url), broker.webSocketUrl);
      expect(first).toBe(1);
      expect(await page.evaluate((text) => (globalThis as Inside).omqttPage.roundTrip(text), 'grüße')).toBe('grüße');

      const reconnected = page.evaluate(() => (globalThis as Inside).omqttPage.reconnected());
      await broker.kill();
      await broker.start();
      expect(await reconnected).toBeGreaterThan(1);
      expect(await page.evaluate((text) => (globalThis as Inside).omqttPage.roundTrip(text), 'again')).toBe('again');
      await page.evaluate(() => (globalThis as Inside).omqttPage.close());
    },
  );
});

/** Bundles the page with Vite, as its users do, and serves it. Returns the URL. */
async function servePage(): Promise<string> {
  const reports = join(import.meta.dirname, '../.reports');
  mkdirSync(reports, { recursive: true });
  const folder = mkdtempSync(join(reports, 'page-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  await bundlePage({ root: join(import.meta.dirname, 'page'), folder });
  const served = await serveFolder(folder);
  onTestFinished(() => served.close());
  return served.url;
}

async function openPage(url: string): Promise<Page> {
  const started = await chromium.launch({ executablePath: browser.path, args: [...chromiumFlags] });
  onTestFinished(() => started.close());
  const page = await started.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  await page.goto(url);
  await page.waitForFunction(() => 'omqttPage' in globalThis);
  expect(problems).toEqual([]);
  return page;
}
