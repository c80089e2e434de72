import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { BuiltPage } from './browser.ts';
import { showConversation } from './shown-page.ts';
import { SECRET } from './traffic.ts';

const secretHex = Array.from(new TextEncoder().encode(SECRET), (byte) => byte.toString(16).padStart(2, '0')).join('');

async function shownBytes(page: Page): Promise<string> {
  return (await page.locator('.byte').allTextContents()).join('');
}

export function secrets(built: () => BuiltPage): void {
  test('are masked in fields, bytes and text until they are revealed, which the page then says', async () => {
    const { page } = await showConversation(built());
    await page.locator('.list-row', { hasText: 'CONNECT' }).first().click();
    const password = page.locator('[role=treeitem]', { hasText: /^·password[^F]/ });
    await password.waitFor();
    expect(await shownBytes(page)).not.toContain(secretHex);
    expect(await page.locator('body').textContent()).not.toContain(SECRET);
    expect(await password.textContent()).toContain('2a 2a 2a');

    const reveal = page.getByRole('button', { name: /secrets/i });
    await reveal.click();
    await page.locator('html[data-revealed=true]').waitFor();
    await page.waitForFunction(
      (hex) =>
        [...document.querySelectorAll('.byte')]
          .map(({ textContent }) => textContent)
          .join('')
          .includes(hex),
      secretHex,
    );
    expect(await reveal.getAttribute('aria-pressed')).toBe('true');

    await reveal.click();
    await page.locator('html[data-revealed=false]').waitFor();
    await page.waitForFunction(
      (hex) =>
        ![...document.querySelectorAll('.byte')]
          .map(({ textContent }) => textContent)
          .join('')
          .includes(hex),
      secretHex,
    );
  });
}
