import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { exportOmq, importCapture, redact, type PacketRecord } from '@omqtt/inspect';
import { expect, test } from 'vitest';
import type { BuiltPage } from './browser.ts';
import { dropFile } from './dropped-file.ts';
import { showConversation } from './shown-page.ts';
import { conversation } from './traffic.ts';

async function save(page: Page, ...choices: readonly string[]): Promise<Uint8Array> {
  await page.getByRole('button', { name: 'Save', exact: true }).first().click();
  for (const choice of choices) await page.getByRole('radio', { name: choice }).check();
  const downloaded = page.waitForEvent('download');
  await page.locator('dialog[open]').getByRole('button', { name: 'Save', exact: true }).click();
  return readFileSync(await (await downloaded).path());
}

function packetsOf(file: Uint8Array): unknown[] {
  return importCapture(file).events.flatMap((event) => {
    if (event.type !== 'packet') return [];
    return [{ connection: event.connection, at: event.at, direction: event.direction, bytes: [...event.bytes] }];
  });
}

/** Without their times, which are those of the day of the test. */
function bytesIn(file: Uint8Array): unknown[] {
  return importCapture(file).events.flatMap((event) => (event.type === 'packet' ? [[...event.bytes]] : []));
}

const shownOf = (record: PacketRecord): unknown => {
  const { connection, at, direction, bytes } = record;
  return { connection, at, direction, bytes: [...bytes] };
};

export function captureFiles(built: () => BuiltPage): void {
  test('a dropped capture is read in the browser, and what is saved of it is read again as the same', async () => {
    const { page, problems } = await showConversation(built());
    const records = [...conversation().inspection.records];
    await dropFile(page, 'night.omq', exportOmq(records));
    await page.locator('.status', { hasText: 'File: night.omq' }).waitFor();
    await page.locator('.counts', { hasText: `${records.length} packets` }).waitFor();

    const masked = await save(page, '.omq');
    expect(packetsOf(masked)).toEqual(records.map((record) => shownOf(redact(record))));
    const whole = await save(page, 'NDJSON', 'with secrets');
    expect(packetsOf(whole)).toEqual(records.map(shownOf));

    await dropFile(page, 'again.ndjson', whole);
    await page.locator('.status', { hasText: 'File: again.ndjson' }).waitFor();
    await page.locator('.counts', { hasText: `${records.length} packets` }).waitFor();
    expect(packetsOf(await save(page, 'NDJSON', 'with secrets'))).toEqual(records.map(shownOf));
    await page.getByRole('button', { name: '← Live' }).click();
    await page.locator('.status', { hasText: 'Live' }).waitFor();
    expect(problems).toEqual([]);
  });

  test('saves what the server stores, only what the filter lets through, and masked unless told otherwise', async () => {
    const traffic = conversation();
    const { page } = await showConversation(built(), '&filter=type:connect');
    await page.locator('.counts', { hasText: '2 of 29 packets' }).waitFor();
    const file = await save(page, 'pcapng');
    const connects = [...traffic.inspection.records].filter(({ type }) => type === 'connect');
    expect(importCapture(file)).toMatchObject({ format: 'pcapng', problems: [] });
    expect(bytesIn(file)).toEqual(connects.map((record) => [...redact(record).bytes]));
  });

  test('says what is wrong with a file that is no capture', async () => {
    const { page } = await showConversation(built());
    await dropFile(page, 'holiday.jpg', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0));
    const alert = page.getByRole('alert');
    await alert.waitFor();
    expect(await alert.textContent()).toContain('this is no capture');
  });

  test('marks are saved with their packets, and are there when the file is opened', async () => {
    const { page } = await showConversation(built());
    await page.keyboard.press('Home');
    await page.locator('.detail h2', { hasText: 'CONNECT #1' }).waitFor();
    await page.keyboard.press('j');
    await page.locator('.detail h2', { hasText: 'CONNACK #2' }).waitFor();
    await page.keyboard.press('M');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.type('new session?');
    await page.keyboard.press('Enter');
    await page.locator('.mark', { hasText: 'new session?' }).waitFor();
    await page.getByRole('combobox', { name: 'Filter', exact: true }).fill('type:connack');
    await page.locator('.counts', { hasText: '2 of 29 packets' }).waitFor();
    await page.keyboard.press('Escape');
    const file = await save(page, '.omq');
    expect(importCapture(file).events).toMatchObject([
      { mark: 'new session?', origin: { listener: expect.stringMatching(/^mqtt:/) as string } },
      { direction: 's2c' },
    ]);
    await dropFile(page, 'marked.omq', file);
    await page.locator('.status', { hasText: 'File: marked.omq' }).waitFor();
    await page.locator('.mark', { hasText: '⚑ 1' }).filter({ hasText: 'new session?' }).waitFor();
    const again = await save(page, 'NDJSON');
    expect(importCapture(again).events).toMatchObject([{ mark: 'new session?' }, {}]);
  });
}
