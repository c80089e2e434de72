/** One Chromium for all these tests, and the page as it is built. */
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { chromiumFlags } from '@omqtt/pages';
import { requirePeer } from '@omqtt/peers';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { build } from 'vite';
import { pageConfig } from '../../page/vite.config.ts';

export const chromiumPeer: ReturnType<typeof requirePeer> = requirePeer('chromium');

/** What DNS rebinding does, without a DNS. */
export const REBOUND_HOST = 'evil.example';
const viewport = { width: 1280, height: 760 };
const colorScheme = 'light';
/** Those whose test is over: Chromium starts a process for a new one, which takes longer than most tests. */
const freePages = new WeakMap<BrowserContext, Page[]>();

export interface BuiltPage {
  readonly folder: string;
  readonly browser: Browser;
  /** Cookies and settings of one reader. Making another one costs Chromium more than a page does. */
  readonly reader: BrowserContext;
  close(): Promise<void>;
}

export async function buildPage(): Promise<BuiltPage> {
  const reports = join(import.meta.dirname, '../../.reports');
  mkdirSync(reports, { recursive: true });
  const folder = mkdtempSync(join(reports, 'page-'));
  const options = { ...pageConfig, configFile: false as const, logLevel: 'error' as const };
  await build({ ...options, build: { ...pageConfig.build, outDir: folder } });
  // Where the inspector looks for it; moved at once, so that no other inspector finds half of it.
  const served = join(import.meta.dirname, '../../dist/page');
  mkdirSync(join(served, '..'), { recursive: true });
  rmSync(served, { recursive: true, force: true });
  renameSync(folder, served);
  const browser = await chromium.launch({
    executablePath: chromiumPeer.path,
    args: [...chromiumFlags, `--host-resolver-rules=MAP ${REBOUND_HOST} 127.0.0.1`],
  });
  return { folder: served, browser, reader: await newReader(browser), close: () => browser.close() };
}

/** Somebody who was never here. */
export async function newReader(browser: Browser): Promise<BrowserContext> {
  return browser.newContext({ viewport, colorScheme, timezoneId: 'UTC' });
}

export interface OpenPage {
  readonly page: Page;
  /** Errors of the page, and what its Content-Security-Policy refused. */
  readonly problems: string[];
}

export async function openPage(reader: BrowserContext, url: string, isInspector: boolean = true): Promise<OpenPage> {
  const page = freePages.get(reader)?.pop() ?? (await reader.newPage());
  page.setDefaultTimeout(8000);
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.goto(url);
  if (isInspector) await page.locator('[role=grid]').waitFor();
  return { page, problems };
}

/** Makes it what a new one of its reader is, for the next test. */
export async function leavePage(page: Page): Promise<void> {
  page.removeAllListeners();
  // What the reader of this test preferred is not what the next one does.
  await page.evaluate(() => {
    localStorage.clear();
    sessionStorage.clear();
  });
  await page.goto('about:blank');
  await page.emulateMedia({ colorScheme });
  await page.setViewportSize(viewport);
  const free = freePages.get(page.context()) ?? [];
  freePages.set(page.context(), [...free, page]);
}
