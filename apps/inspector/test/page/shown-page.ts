/** A page of a real inspector that shows traffic, for the length of a test. */
import { onTestFinished } from 'vitest';
import { withInspector, type TestInspector } from '../with-inspector.ts';
import { serveWire } from '../wire.ts';
import { leavePage, openPage, type BuiltPage, type OpenPage } from './browser.ts';
import { trafficPlayer } from './play-traffic.ts';
import { conversation, type Traffic } from './traffic.ts';

export interface ServedTraffic {
  readonly inspector: TestInspector;
  readonly packets: number;
  /** Sends what the traffic has more since. */
  readonly more: () => Promise<void>;
  close(): Promise<void>;
}

export interface ShownPage extends OpenPage, Pick<ServedTraffic, 'inspector' | 'more'> {}

/** Resolves when the inspector has seen all packets of it. */
async function serveTraffic(traffic: Traffic): Promise<ServedTraffic> {
  const server = await serveWire('tcp');
  const inspector = await withInspector({ routes: [{ listen: 'mqtt://127.0.0.1:0', upstream: server.url }] });
  const more = trafficPlayer(traffic, inspector.listeners[0] ?? '', server);
  await more();
  const close = async (): Promise<void> => {
    await server[Symbol.asyncDispose]();
    await inspector.close();
  };
  return { inspector, packets: traffic.inspection.records.length, more, close };
}

/** For traffic that belongs to one test. `fragment`: what follows the token in the address. */
export async function showTraffic(built: BuiltPage, traffic: Traffic, fragment: string = ''): Promise<ShownPage> {
  const served = await serveTraffic(traffic);
  onTestFinished(() => served.close());
  return show(built, served, fragment);
}

let shared: Promise<ServedTraffic> | undefined;

/**
 * The conversation for all who only look at it. Starting an inspector takes longer than most tests, and no page changes
 * what another one sees, unless it clears the list: that takes traffic of its own.
 */
export async function sharedConversation(): Promise<ServedTraffic> {
  shared ??= serveTraffic(conversation());
  return shared;
}

export async function closeSharedConversation(): Promise<void> {
  await (await shared)?.close();
  shared = undefined;
}

export async function showConversation(built: BuiltPage, fragment: string = ''): Promise<ShownPage> {
  return show(built, await sharedConversation(), fragment);
}

async function show(
  { reader }: BuiltPage,
  { inspector, packets, more }: ServedTraffic,
  fragment: string,
): Promise<ShownPage> {
  const opened = await openPage(reader, `${inspector.url ?? ''}${fragment}`);
  onTestFinished(() => leavePage(opened.page));
  await opened.page.locator('.counts', { hasText: new RegExp(`(^|of )${packets} packets`) }).waitFor();
  await opened.page.locator('.list-row[data-direction]').first().waitFor();
  return { ...opened, inspector, more };
}
