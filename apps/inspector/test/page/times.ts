import { expect, test } from 'vitest';
import type { BuiltPage } from './browser.ts';
import { dropFile } from './dropped-file.ts';
import { showConversation } from './shown-page.ts';
import { hourOfTraffic } from './traffic.ts';
import { exportOmq } from '@omqtt/inspect';

export function times(built: () => BuiltPage): void {
  test('the timeline is drawn in the colours of the theme, and anew when it changes', async () => {
    const { page } = await showConversation(built());
    const isDrawnIn = (colour: string): Promise<unknown> =>
      page.waitForFunction((expected) => {
        const canvas = document.querySelector<HTMLCanvasElement>('.timeline canvas, canvas.timeline');
        const pixel = canvas?.getContext('2d')?.getImageData(0, canvas.height - 1, 1, 1).data;
        return pixel?.join(' ') === expected;
      }, colour);
    await page.emulateMedia({ colorScheme: 'light' });
    await isDrawnIn('211 217 226 255');
    await page.emulateMedia({ colorScheme: 'dark' });
    await isDrawnIn('51 61 75 255');
    expect(await page.locator('.timeline').count()).toBe(1);
  });

  test('a part of the time is chosen by dragging over it, or with the keyboard, and let go again', async () => {
    const { page } = await showConversation(built());
    const records = [...hourOfTraffic().inspection.records];
    await dropFile(page, 'hour.omq', exportOmq(records));
    await page.locator('.counts', { hasText: `${records.length} packets` }).waitFor();
    const slider = page.getByRole('slider', { name: 'Time range' });
    await page.waitForFunction(
      () => document.querySelector('.timeline')?.getAttribute('aria-valuetext')?.startsWith('all times: 62') === true,
    );
    const box = await slider.boundingBox();
    if (!box) throw new Error('The timeline is not shown.');
    await page.mouse.move(box.x + box.width * 0.5, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width - 1, box.y + 10, { steps: 4 });
    await page.mouse.up();
    await page.locator('.counts', { hasText: / of 62 packets/ }).waitFor();
    expect(await page.locator('.filter input').inputValue()).toMatch(
      /^time>=2026-01-01T1\d:\S+Z time<2026-01-01T1\d:\S+Z$/,
    );
    const asked = await slider.getAttribute('aria-valuemax');
    await page.getByRole('button', { name: 'Zoom into the timeline' }).click();
    await page.getByRole('button', { name: 'Whole timeline' }).waitFor();
    // What was chosen fills the picture now.
    expect(await slider.getAttribute('aria-valuetext')).toMatch(/: \d+ packets/);
    await page.mouse.move(box.x + box.width * 0.5, box.y + 10);
    await page.mouse.wheel(0, 400);
    await page.getByRole('button', { name: 'Whole timeline' }).waitFor({ state: 'hidden' });
    expect(await slider.getAttribute('aria-valuemax')).toBe(asked);
    await page.getByRole('button', { name: 'All times ×' }).click();
    await page.locator('.counts', { hasText: /^62 packets/ }).waitFor();

    await slider.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('Enter');
    await page.locator('.counts', { hasText: / of 62 packets/ }).waitFor();
    expect(await slider.getAttribute('aria-valuetext')).toMatch(/^\d\d:\d\d:\d\d to \d\d:\d\d:\d\d: \d+ packets/);
    await page.keyboard.press('Escape');
    await page.locator('.counts', { hasText: /^62 packets/ }).waitFor();
  });
}
