/** What a browser gets that is not the page of the address that was printed. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { withInspector } from '../with-inspector.ts';
import { leavePage, newReader, openPage, REBOUND_HOST, type BuiltPage } from './browser.ts';
import { sharedConversation, showConversation } from './shown-page.ts';

/** `open`, or how the browser was refused. */
async function trySocket(page: Page, url: string): Promise<string> {
  return page.evaluate(
    async (address) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(address);
        socket.addEventListener('open', () => resolve('open'));
        socket.addEventListener('error', () => resolve('refused'));
      }),
    url,
  );
}

/** A page of somebody else, on another port of the same machine. */
async function foreignPage(built: BuiltPage): Promise<Page> {
  const server = createServer((_request, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<title>elsewhere</title>'),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return strangerAt(built, `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, false);
}

/** Without the cookie. */
async function strangerAt({ browser }: BuiltPage, url: string, isInspector: boolean = true): Promise<Page> {
  const stranger = await newReader(browser);
  onTestFinished(() => stranger.close());
  return (await openPage(stranger, url, isInspector)).page;
}

export function whoMayLook(built: () => BuiltPage): void {
  test('the page without the token shows nothing, and says why', async () => {
    const { inspector } = await sharedConversation();
    const page = await strangerAt(built(), inspector.apiUrl ?? '');
    await page.getByRole('alert').filter({ hasText: 'not signed in' }).waitFor();
    expect(await page.locator('.list-row[data-direction]').count()).toBe(0);
  });

  test('the page of an inspector that was started anew says that it has another address now', async () => {
    const first = await withInspector({});
    const { page } = await openPage(built().reader, first.url ?? '');
    onTestFinished(() => leavePage(page));
    await page.locator('.status', { hasText: 'Live' }).waitFor();
    await first.close();
    await page.getByRole('alert').filter({ hasText: 'Trying again' }).waitFor();
    const second = await withInspector({ ui: { port: Number(new URL(first.apiUrl ?? '').port) } });
    onTestFinished(async () => void (await second.close()));
    await page.getByRole('alert').filter({ hasText: 'not signed in' }).waitFor();
    expect(await page.locator('.status').textContent()).toContain('Not connected');
  });

  test('the page with a wrong token says so', async () => {
    const { inspector } = await sharedConversation();
    const page = await strangerAt(built(), `${inspector.apiUrl ?? ''}/#token=wrong`);
    await page.getByRole('alert').filter({ hasText: 'This token is not valid' }).waitFor();
    expect(await page.locator('.list-row[data-direction]').count()).toBe(0);
  });

  test('a page of another origin gets no socket, no answer and no frame, though the browser has the cookie', async () => {
    const { inspector, page: own } = await showConversation(built());
    const { apiUrl = '' } = inspector;
    const socketUrl = `${apiUrl.replace('http', 'ws')}/api/socket`;
    expect(await trySocket(own, socketUrl)).toBe('open');
    const foreign = await foreignPage(built());
    await foreign.context().addCookies(await own.context().cookies());
    expect(await trySocket(foreign, socketUrl)).toBe('refused');
    const ask = (path: string, method: 'GET' | 'POST'): Promise<string> =>
      foreign.evaluate(
        async ([url, verb]) =>
          fetch(url, { method: verb, credentials: 'include', mode: 'no-cors' }).then(() => 'answered', String),
        [`${apiUrl}${path}`, method] as const,
      );
    expect(await ask('/api/records', 'GET')).toContain('Failed to fetch');
    expect(await ask('/api/session', 'POST')).toContain('Failed to fetch');
    await foreign.evaluate((url) => {
      const frame = document.createElement('iframe');
      frame.src = url;
      document.body.append(frame);
    }, apiUrl);
    const framed = foreign.frames().find((frame) => frame !== foreign.mainFrame());
    expect(
      await framed
        ?.locator('[role=grid]')
        .count()
        .catch(() => 0),
    ).toBe(0);
  });

  test('another name that leads to the same address gets no page', async () => {
    const { inspector } = await sharedConversation();
    const { port } = new URL(inspector.apiUrl ?? '');
    const page = await strangerAt(built(), 'about:blank', false);
    const answer = await page.goto(`http://${REBOUND_HOST}:${port}/#token=${inspector.token ?? ''}`);
    expect(answer?.status()).toBe(421);
    expect(await page.locator('[role=grid]').count()).toBe(0);
  });
}
