import { expect, test } from 'vitest';
import type { BuiltPage } from './browser.ts';
import { showTraffic } from './shown-page.ts';
import { conversation } from './traffic.ts';

export function liveList(built: () => BuiltPage): void {
  test('shows what passes while it passes, and breaks no rule of its own security policy', async () => {
    const traffic = conversation();
    const { page, problems, added } = await showTraffic(built(), traffic, '#token=abc');
    expect(await page.locator('[role=grid]').getAttribute('aria-rowcount')).toBe('30');
    traffic.publish('tcp-1', 'fresh/news', { packetId: 20 });
    added();
    await page.locator('.list-row', { hasText: 'fresh/news' }).waitFor();
    expect(await page.locator('[role=grid]').getAttribute('aria-rowcount')).toBe('32');
    expect(new URL(page.url()).hash).toBe('');
    expect(problems).toEqual([]);
  });

  test('shows fields with their bytes, and finds the field of a byte', async () => {
    const { page } = await showTraffic(built(), conversation());
    await page.locator('.list-row', { hasText: 'PUBLISH' }).first().click();
    await page.locator('[role=treeitem]', { hasText: /^·topic"plant/ }).click();
    expect(await page.locator('.byte.marked').count()).toBe('plant/2/temp'.length + 2);
    const payload = page.locator('.byte').last();
    await payload.click();
    await page.locator('[role=treeitem][aria-selected=true]', { hasText: 'payload' }).waitFor();
    expect(await page.locator('.byte.marked').count()).toBe(1);
  });

  test('jumps to the next finding, and says who broke which statement where, and what to do', async () => {
    const { page } = await showTraffic(built(), conversation());
    await page.keyboard.press('Home');
    await page.keyboard.press('n');
    const finding = page.locator('.finding');
    await finding.waitFor();
    expect(await finding.textContent()).toContain('errorMQTT-3.3.1-4by the client');
    expect(await finding.textContent()).toContain('Fix: use QoS 0, 1 or 2');
    await finding.getByRole('button').click();
    expect(await page.locator('.byte.marked').allTextContents()).toEqual(['36']);
  });
}
