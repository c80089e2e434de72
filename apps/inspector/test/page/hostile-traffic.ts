import { expect, test } from 'vitest';
import type { BuiltPage } from './browser.ts';
import { showTraffic } from './shown-page.ts';
import { Traffic } from './traffic.ts';

const MARKUP = '<img src=x onerror="globalThis.hacked=1"><script>globalThis.hacked=1</script><svg onload=hacked>';
/** Turns the direction of writing, moves a cursor of a terminal, and cannot be seen. */
const UNSEEN = 'user\u202Etxt.exe\u200B \u001B[2J\u0007';

export function hostileTraffic(built: () => BuiltPage): void {
  test('is text wherever it is shown, and what cannot be seen is written out', async () => {
    const traffic = new Traffic();
    traffic.connect('one', MARKUP);
    traffic.connect('two', UNSEEN);
    traffic.publish('one', `t/${MARKUP}`, { payload: MARKUP });
    traffic.publish('two', `t/${UNSEEN.slice(0, 12)}`, { payload: UNSEEN, packetId: 3 });
    const { page, problems } = await showTraffic(built(), traffic);
    for (let row = 0; row < 7; row += 1) {
      await page.keyboard.press(row === 0 ? 'Home' : 'j');
      for (const tab of ['Payload', 'Exchange', 'Session', 'Fields']) {
        // What a click does, without a mouse on its way through all of them.
        await page.getByRole('tab', { name: tab }).dispatchEvent('click');
        await page.locator('.tab-panel > *').first().waitFor();
      }
    }
    await page.keyboard.press('2');
    await page.getByRole('grid', { name: 'Exchanges' }).locator('.cell-kind', { hasText: 'connect' }).first().waitFor();
    await page.keyboard.press('m');
    await page.keyboard.press('c');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.keyboard.press('3');
    await page.locator('.table-view td').first().waitFor();
    expect(await page.locator('img, script:not([src]), svg, iframe').count()).toBe(0);
    expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false);
    const shown = (await page.locator('body').textContent()) ?? '';
    expect(shown).toContain('<img src=x');
    expect(shown).toContain(String.raw`user\u{202e}txt.exe`);
    // oxlint-disable-next-line no-control-regex -- none of them may be in the page
    expect(shown).not.toMatch(/[\u0000-\u0008\u001B\u200B\u202E]/);
    expect(problems).toEqual([]);
  });

  test('does not stop the page by its size or depth', async () => {
    const traffic = new Traffic();
    traffic.connect('one', 'big');
    traffic.publish('one', 'deep', { payload: '['.repeat(50_000) });
    traffic.publish('one', 'long', { payload: 'x'.repeat(400_000) });
    traffic.publish('one', 'bytes', { payload: new Uint8Array(200_000).fill(0xff) });
    const { page } = await showTraffic(built(), traffic);
    for (const [index, topic] of ['deep', 'long', 'bytes'].entries()) {
      await page.locator('.list-row', { hasText: `q0 ${topic}` }).click();
      await page.locator('.detail h2', { hasText: `PUBLISH #${3 + index}` }).waitFor();
      await page.getByRole('tab', { name: 'Payload' }).click();
      await page.locator('.payload').waitFor();
      // The bytes are shown in parts.
      expect(await page.locator('.byte').count()).toBe(2048);
    }
    await page.getByRole('button', { name: /^Show 16384 more/ }).click();
    expect(await page.locator('.byte').count()).toBe(2048 + 16_384);
  });
}
