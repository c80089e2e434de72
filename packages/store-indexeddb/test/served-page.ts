/** A page in Chromium that is bundled with Vite, as its users do, from the sources. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundlePage, chromiumFlags, serveFolder } from '@omqtt/pages';
import { requirePeer } from '@omqtt/peers';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
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
  const folder = reportFolder();
  // Nothing installs a package in itself.
  await bundlePage({ root, folder, alias: { '@omqtt/store-indexeddb': join(import.meta.dirname, '../src/index.ts') } });
  // A frame without an origin asks for the script of the page from outside.
  const served = await serveFolder(folder, { 'access-control-allow-origin': '*' });
  const profile = mkdtempSync(join(tmpdir(), 'omqtt-chromium-'));
  const started = await startChromium(profile);
  return {
    browser: started,
    url: served.url,
    port: served.port,
    profile,
    close: async () => {
      await started.close();
      served.close();
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

/** With a profile, so that its databases are on the disk: without one they are in memory. */
export function startChromium(profile: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(profile, {
    executablePath: chromiumPeer.path,
    args: [...chromiumFlags, `--host-resolver-rules=MAP ${untrustedHost} 127.0.0.1`],
  });
}

/** A new tab; all share their storage. */
export async function openTab({ browser, url }: ServedPage, other: string = url): Promise<Page> {
  const tab = await browser.newPage();
  await tab.goto(other);
  await tab.waitForFunction(() => 'storePage' in globalThis);
  return tab;
}
