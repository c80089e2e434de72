/** A page in Chromium that is bundled with Vite, as its users do, from the sources. */
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requirePeer } from '@omqtt/peers';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { build } from 'vite';
import type { StorePage } from './page/main.ts';

export const chromiumPeer: ReturnType<typeof requirePeer> = requirePeer('chromium');

/** For code that runs in the page: `(globalThis as Inside).storePage`. */
export type Inside = typeof globalThis & { readonly storePage: StorePage };

export interface ServedPage {
  readonly browser: BrowserContext;
  readonly url: string;
  readonly port: number;
  /** Where the browser has its files. */
  readonly profile: string;
  close(): Promise<void>;
}

/** The name of a host that is this machine, and that browsers do not trust as they trust localhost. */
export const untrustedHost = 'untrusted.test';

/** Ends nothing by itself: `close` does. */
export async function servePage(root: string = join(import.meta.dirname, 'page')): Promise<ServedPage> {
  const folder = await bundlePage(root);
  const server = createServer(({ url = '/' }, response) => {
    const path = url === '/' ? '/index.html' : new URL(url, 'http://page').pathname;
    const type = path.endsWith('.html') ? 'text/html' : 'text/javascript';
    const file = join(folder, path);
    // A frame without an origin asks for the script of the page from outside.
    const headers = { 'content-type': type, 'access-control-allow-origin': '*' };
    if (existsSync(file)) response.writeHead(200, headers).end(readFileSync(file));
    else response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const profile = mkdtempSync(join(tmpdir(), 'omqtt-chromium-'));
  const started = await startChromium(profile);
  return {
    browser: started,
    url: `http://127.0.0.1:${port}/`,
    port,
    profile,
    close: async () => {
      await started.close();
      server.closeAllConnections();
      server.close();
      for (const path of [folder, profile]) rmSync(path, { recursive: true });
    },
  };
}

/** A new folder that is no part of the sources, and from which the packages are found all the same. */
export function reportFolder(): string {
  const reports = join(import.meta.dirname, '../.reports');
  mkdirSync(reports, { recursive: true });
  return mkdtempSync(join(reports, 'page-'));
}

async function bundlePage(root: string): Promise<string> {
  const folder = reportFolder();
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    resolve: {
      // The sources instead of what was built; the rest is what Vite does by itself.
      conditions: ['@omqtt/source', 'module', 'browser', 'production'],
      // Nothing installs a package in itself.
      alias: { '@omqtt/store-indexeddb': join(import.meta.dirname, '../src/index.ts') },
    },
    build: { outDir: folder, emptyOutDir: true, target: 'es2023' },
  });
  return folder;
}

/** With a profile, so that its databases are on the disk: without one they are in memory. */
export function startChromium(profile: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(profile, {
    executablePath: chromiumPeer.path,
    // The sandbox does not work for root; the others keep it from talking to anybody but us.
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      `--host-resolver-rules=MAP ${untrustedHost} 127.0.0.1`,
    ],
  });
}

/** A new tab; all share their storage. */
export async function openTab({ browser, url }: ServedPage, other: string = url): Promise<Page> {
  const tab = await browser.newPage();
  await tab.goto(other);
  await tab.waitForFunction(() => 'storePage' in globalThis);
  return tab;
}
