/** A page of a real inspector that shows traffic, for the length of a test. */
import { onTestFinished } from 'vitest';
import { withInspector, type TestInspector } from '../with-inspector.ts';
import { serveWire } from '../wire.ts';
import { openPage, type BuiltPage, type OpenPage } from './browser.ts';
import { trafficPlayer } from './play-traffic.ts';
import type { Traffic } from './traffic.ts';

export interface ShownPage extends OpenPage {
  readonly inspector: TestInspector;
  /** Sends what the traffic has more since. */
  readonly more: () => Promise<void>;
}

/** Resolves when all packets are there. `fragment`: what follows the token in the address. */
export async function showTraffic(built: BuiltPage, traffic: Traffic, fragment: string = ''): Promise<ShownPage> {
  const server = await serveWire('tcp');
  const inspector = await withInspector({ routes: [{ listen: 'mqtt://127.0.0.1:0', upstream: server.url }] });
  onTestFinished(async () => {
    await server[Symbol.asyncDispose]();
    await inspector.close();
  });
  const more = trafficPlayer(traffic, inspector.listeners[0] ?? '', server);
  await more();
  const opened = await openPage(built.browser, `${inspector.url ?? ''}${fragment}`);
  onTestFinished(() => opened.page.close());
  const stored = traffic.inspection.records.length;
  await opened.page.locator('.counts', { hasText: new RegExp(`(^|of )${stored} packets`) }).waitFor();
  await opened.page.locator('.list-row[data-direction]').first().waitFor();
  return { ...opened, inspector, more };
}
