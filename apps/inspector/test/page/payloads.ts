import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { BuiltPage } from './browser.ts';
import { showConversation, showTraffic } from './shown-page.ts';
import { Traffic } from './traffic.ts';

/** One pixel. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

export function payloads(built: () => BuiltPage): void {
  test('are shown as what they are: JSON, CBOR, MessagePack, gzip, a picture, bytes', async () => {
    const traffic = new Traffic();
    traffic.connect('one', 'dev-1');
    const samples: readonly (readonly [topic: string, payload: Uint8Array | string, shown: RegExp])[] = [
      ['json', '{"temp":21}', /"temp": 21/],
      ['cbor', Uint8Array.of(0xa1, 0x64, 0x74, 0x65, 0x6d, 0x70, 0xf9, 0x4d, 0x40), /"temp": 21/],
      ['pack', Uint8Array.of(0x82, 0xa1, 0x61, 0xc3, 0xa1, 0x62, 0xc4, 0x02, 0x00, 0xff), /"b": h'00 ff'/],
      ['gzip', gzipSync('{"packed":true}'), /"packed": true/],
      ['bytes', Uint8Array.of(0xff, 0x00, 0x10), /^000000 {2}ff 00 10/],
      // A metric "t" (datatype Int32) with the value -1.
      [
        'spBv1.0/plant/DDATA/edge/oven',
        Uint8Array.of(0x12, 0x0b, 0x0a, 0x01, 0x74, 0x20, 0x03, 0x50, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x18, 0x07),
        /"value": -1/,
      ],
    ];
    for (const [topic, payload] of samples) traffic.publish('one', topic, { payload });
    traffic.publish('one', 'picture', { payload: PNG });
    // Says of itself that it unpacks to much, and does: 60 MB of nothing.
    traffic.publish('one', 'bomb', { payload: gzipSync(new Uint8Array(60_000_000)) });
    const { page, problems } = await showTraffic(built(), traffic);
    await page.getByRole('button', { name: 'Follow' }).waitFor();
    const open = async (topic: string): Promise<void> => {
      await page.locator('.list-row', { hasText: `q0 ${topic} ` }).click();
    };
    await open('json');
    // It stays for the next packets.
    await page.getByRole('tab', { name: 'Payload' }).click();
    for (const [topic, , shown] of samples) {
      await open(topic);
      await page.locator('.payload', { hasText: shown }).waitFor();
    }
    await open('picture');
    await page.getByRole('img', { name: 'Picture, 1 × 1' }).waitFor();
    await page.locator('.payload-forms').getByRole('button', { name: 'Bytes' }).click();
    await page.locator('.payload', { hasText: '89 50 4e 47' }).waitFor();
    await open('bomb');
    await page.getByText('Only the beginning was unpacked.').waitFor();
    expect(problems).toEqual([]);
  });

  test('are compared with the message before of their topic, and a form that was chosen is kept for the topic', async () => {
    const { page } = await showConversation(built());
    await page.getByRole('button', { name: 'Follow' }).waitFor();
    const open = async (number: number): Promise<void> => {
      const cell = page.locator('.cell-number', { hasText: new RegExp(`^${number}$`) });
      await page.locator('.list-row:not([hidden])', { has: cell }).click();
      await page.locator('.detail h2', { hasText: `PUBLISH #${number}` }).waitFor();
    };
    await open(11);
    await page.getByRole('tab', { name: 'Payload' }).click();
    await page.locator('.payload', { hasText: '"temp": 23' }).waitFor();
    await page.locator('.payload-forms').getByRole('button', { name: 'Changes' }).click();
    await page.locator('.changes del', { hasText: '−   "temp": 20,' }).waitFor();
    expect(await page.locator('.changes ins').allTextContents()).toEqual(['+   "temp": 23,\n']);
    // The next of its topic is shown the same way; the reader's own packet stays selected.
    await open(17);
    await page.locator('.changes ins', { hasText: '"temp": 26' }).waitFor();
    await page.getByRole('button', { name: '#11' }).click();
    await page.locator('.detail h2', { hasText: 'PUBLISH #11' }).waitFor();
    await open(5);
    await page.getByText('The list has no earlier message of this topic here.').waitFor();
  });
}
