import { expect, onTestFinished, test } from 'vitest';
import type { ConnectionRow } from '../../src/api/messages.ts';
import { leavePage, openPage, type BuiltPage } from './browser.ts';
import { startPageServer } from './page-server.ts';
import { showConversation, showTraffic } from './shown-page.ts';
import { conversation } from './traffic.ts';

export function rail(built: () => BuiltPage): void {
  test('lists what the lint found by rule and severity, and filters by both', async () => {
    const { page } = await showConversation(built());
    const rule = page.getByRole('button', { name: /^error MQTT-3\.3\.1-4, 1 times: / });
    await rule.click();
    await page.locator('.counts', { hasText: '1 of 29 packets' }).waitFor();
    expect(await page.locator('.filter input').inputValue()).toBe('lint:MQTT-3.3.1-4');
    await page.locator('.rule[aria-pressed=true]').waitFor();
    await rule.click();
    await page.locator('.counts', { hasText: /^29 packets/ }).waitFor();
    await page.getByRole('button', { name: '1 of severity error' }).click();
    await page.locator('.counts', { hasText: '1 of 29 packets' }).waitFor();
    expect(await page.locator('.filter input').inputValue()).toBe('severity:error');
  });

  test('connections that are open stand above those that ended, however many there are', async () => {
    const connections = Array.from({ length: 1000 }, (_, index) => connectionAt(1000 - index));
    const server = await startPageServer(built().folder, (send) => {
      send({ type: 'hello', protocol: 1, version: '0', routes: [], now: 0 });
      send({ type: 'connections', connections: [], left: 0, ended: 10 });
      return {
        receive: ({ type }) => {
          if (type === 'watch') send({ type: 'connections', connections, left: 1500, ended: 2400 });
        },
      };
    });
    const { page } = await openPage(built().reader, server.url);
    onTestFinished(async () => {
      await leavePage(page);
      server.close();
    });
    await page.locator('.rail h2', { hasText: /^Connections 2\u2009500$/ }).waitFor();
    const names = await page.locator('.connection-name bdi').allTextContents();
    expect(names.slice(0, 2)).toEqual(['tcp-1000', 'tcp-999']);
    expect(names.indexOf('tcp-991')).toBe(9);
    await page.locator('.connections', { hasText: '2\u2009300 more' }).waitFor();
    // All that ended are counted, not only those that are listed.
    await page.locator('.ending', { hasText: '(and 2\u2009389 more ended)' }).waitFor();
  });

  test('a connection that ends is told of in a sentence that leads to the packet which shows it', async () => {
    const traffic = conversation();
    const { page, more } = await showTraffic(built(), traffic);
    await page.locator('.connection', { hasText: 'dev-2' }).waitFor();
    // The one that had ended before is no news, once the page knows of its end.
    await page.locator('.connection-ending').first().waitFor();
    expect(await page.locator('.ending').isVisible()).toBe(false);
    traffic.connect('tcp-3', 'dev-3');
    traffic.end('tcp-3');
    await more();
    const banner = page.locator('.ending');
    await banner.filter({ hasText: 'dev-3' }).waitFor();
    expect(await banner.textContent()).toContain('the server closed the connection without DISCONNECT');
    await banner.getByRole('button', { name: 'Its last packet' }).click();
    await page.locator('.detail h2', { hasText: 'CONNACK #31' }).waitFor();
    await banner.getByRole('button', { name: 'Close this note' }).click();
    await banner.waitFor({ state: 'hidden' });
  });

  test('a link leads to the tab, too', async () => {
    const { page } = await showConversation(built(), '&packet=5&tab=payload');
    await page.locator('.payload', { hasText: '"temp": 20' }).waitFor();
    await page.getByRole('tab', { name: 'Session' }).click();
    await page.waitForFunction(() => location.hash === '#packet=5&tab=session');
    await page.getByRole('tab', { name: 'Fields' }).click();
    await page.waitForFunction(() => location.hash === '#packet=5');
    expect(await page.locator('[role=tab][aria-selected=true]').textContent()).toBe('Fields');
  });
}

/** One of a thousand, of which the last ten are open. */
function connectionAt(number: number): ConnectionRow {
  return {
    id: `tcp-${number}`,
    openedAt: number,
    packets: 1,
    subscriptions: 0,
    errors: 0,
    warnings: 0,
    ...(number <= 990 && { closedAt: 5000 - number, ending: 'the client closed the connection without DISCONNECT' }),
  };
}
