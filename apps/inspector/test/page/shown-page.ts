/** A page that shows traffic, for the length of a test. */
import { onTestFinished } from 'vitest';
import { openPage, type BuiltPage, type OpenPage } from './browser.ts';
import { deskPartners, startPageServer } from './page-server.ts';
import type { Traffic } from './traffic.ts';

export interface ShownPage extends OpenPage {
  /** After more traffic. */
  readonly added: () => void;
}

/** Resolves when the first rows are there. */
export async function showTraffic(built: BuiltPage, traffic: Traffic, fragment: string = ''): Promise<ShownPage> {
  const partners = deskPartners(traffic.inspection);
  const server = await startPageServer(built.folder, partners.make, traffic.inspection);
  const opened = await openPage(built.browser, `${server.url}${fragment}`);
  onTestFinished(async () => {
    await opened.page.close();
    server.close();
  });
  await opened.page.locator('.list-row[data-direction]').first().waitFor();
  return { ...opened, added: () => partners.added() };
}
