import { startBroker } from '@omqtt/broker';
import { connect } from 'omqtt';
import { expect, onTestFinished, test } from 'vitest';
import { withInspector } from '../with-inspector.ts';
import { leavePage, openPage, type BuiltPage } from './browser.ts';
import { showConversation } from './shown-page.ts';

export function exchanges(built: () => BuiltPage): void {
  test('are rows with each step, its time and the state, for all that a client of a broker asks', async () => {
    const broker = await startBroker();
    const inspector = await withInspector({ routes: [{ listen: 'mqtt://127.0.0.1:0', upstream: broker.url }] });
    const { page, problems } = await openPage(built().reader, `${inspector.url ?? ''}&view=exchanges`);
    onTestFinished(async () => {
      await leavePage(page);
      await broker.close();
      await inspector.close();
    });
    await using client = await connect(inspector.listeners[0] ?? '', { clientId: 'dev-1' });
    const answers = client.respond('ask/time', () => 'noon');
    await answers.ready;
    await client.publish('plant/heat', '21', { qos: 2 });
    await client.request('ask/time', 'when?', { timeoutMs: 20_000 });
    await client.ping();
    const row = (kind: string): ReturnType<typeof page.locator> =>
      page.locator('.exchanges .list-row', { has: page.locator('.cell-kind', { hasText: kind }) }).first();
    for (const kind of ['connect', 'subscribe', 'ping']) {
      await row(kind)
        .locator('.cell-pair', { hasText: /✓ done [\d.]+ms$/ })
        .waitFor();
    }
    await row('publish q2')
      .locator('.cell-pubcomp', { hasText: /^\+[\d.]+ms$/ })
      .waitFor();
    expect(await row('publish q2').locator('.cell-answer').textContent()).toMatch(/^PUBREC \+[\d.]+ms$/);
    expect(await row('publish q2').locator('.cell-pubrel').textContent()).toMatch(/^\+[\d.]+ms$/);
    await row('request').locator('.cell-answer', { hasText: 'response #' }).waitFor();
    expect(await row('request').locator('.cell-pubrel').textContent()).toBe('');
    await row('request').locator('.cell-pair', { hasText: '✓ done' }).waitFor();

    broker.faults.drop('puback', { times: 1 });
    const unanswered = client.publish('plant/heat', '22', { qos: 1 }).catch(() => {});
    await page.locator('.cell-pair', { hasText: /waiting [1-9]\d*s/ }).waitFor();
    await client.close({ drainMs: 0 });
    await unanswered;
    expect(problems).toEqual([]);
  });

  test('lead with the keyboard to their packets, and follow the filter', async () => {
    const { page } = await showConversation(built());
    const { keyboard } = page;
    await keyboard.press('2');
    const grid = page.getByRole('grid', { name: 'Exchanges' });
    await page.locator('.counts', { hasText: '15 of 29 packets' }).waitFor();
    expect(await grid.evaluate((element) => element === document.activeElement)).toBe(true);
    await keyboard.press('Home');
    await page.locator('.detail h2', { hasText: 'CONNECT #1' }).waitFor();
    await page.locator('.exchange', { hasText: '✓ done in' }).waitFor();
    await keyboard.press('Enter');
    await keyboard.press('Tab');
    await keyboard.press('Enter');
    await page.locator('.detail h2', { hasText: 'CONNACK #2' }).waitFor();
    await keyboard.press('Escape');
    expect(await grid.evaluate((element) => element === document.activeElement)).toBe(true);
    await keyboard.press('/');
    await keyboard.type('topic:plant/2/temp');
    await keyboard.press('Enter');
    await page.locator('.counts', { hasText: '4 of 29 packets' }).waitFor();
    // The answer that was selected is in no list of exchanges: the packet that asked for it is.
    expect(new URL(page.url()).hash).toBe('#filter=topic%3Aplant%2F2%2Ftemp&packet=1&view=exchanges');
    await keyboard.press('Escape');
    await keyboard.press('1');
    await page.getByRole('grid', { name: 'Packets' }).waitFor();
    await page.locator('.counts', { hasText: '4 of 29 packets' }).waitFor();
  });
}
