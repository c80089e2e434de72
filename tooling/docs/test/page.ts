/** A page in Chromium, bundled and served as its readers would. */
import { bundlePage, chromiumFlags, serveFolder } from '@omqtt/pages';
import { chromium, type Page } from 'playwright-core';
import { onTestFinished } from 'vitest';

/** Bundles `page` of the folder into another one, and serves that. Returns the URL. */
export async function servePage(root: string, page: string, folder: string): Promise<string> {
  await bundlePage({ root, folder, page });
  const served = await serveFolder(folder);
  onTestFinished(() => served.close());
  return `${served.url}${page}`;
}

export async function openPage(executablePath: string, url: string): Promise<Page> {
  const started = await chromium.launch({ executablePath, args: [...chromiumFlags] });
  onTestFinished(() => started.close());
  const page = await started.newPage();
  await page.goto(url);
  return page;
}
