import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { requirePeer } from '@omqtt/peers';
import { chromium, type Page } from 'playwright-core';
import { build } from 'vite';
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
  await build({
    root: join(import.meta.dirname, 'page'),
    configFile: false,
    logLevel: 'error',
    // The sources instead of what was built; the rest is what Vite does by itself.
    resolve: { conditions: ['@omqtt/source', 'module', 'browser', 'production'] },
    build: { outDir: folder, emptyOutDir: true, target: 'es2023' },
  });
  const server = createServer(({ url = '/' }, response) => {
    const path = url === '/' ? '/index.html' : new URL(url, 'http://page').pathname;
    const type = path.endsWith('.html') ? 'text/html' : 'text/javascript';
    const file = join(folder, path);
    if (existsSync(file)) response.writeHead(200, { 'content-type': type }).end(readFileSync(file));
    else response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

async function openPage(url: string): Promise<Page> {
  const started = await chromium.launch({
    executablePath: browser.path,
    // The sandbox does not work for root; the others keep it from talking to anybody but us.
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  onTestFinished(() => started.close());
  const page = await started.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  await page.goto(url);
  await page.waitForFunction(() => 'omqttPage' in globalThis);
  expect(problems).toEqual([]);
  return page;
}
