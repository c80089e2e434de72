import { expect, test } from 'vitest';
import type { BuiltPage } from './browser.ts';
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
