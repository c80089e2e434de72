import { join } from 'node:path';
import { requirePeer } from '@omqtt/peers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startExampleBroker } from './example-broker.ts';
import { openPage, servePage } from './page.ts';
import { emptyFolder } from './program.ts';

const browser = requirePeer('chromium');
const examples = join(import.meta.dirname, '../../../docs/examples');

describe.skipIf(browser.isMissing)('the example of a page', () => {
  test('shows what it publishes itself, as text', async () => {
    const broker = await startExampleBroker();
    onTestFinished(() => broker.close());
    const url = await servePage(examples, 'browser.html', emptyFolder(onTestFinished));
    const page = await openPage(browser.path, `${url}?broker=${encodeURIComponent(broker.urls.ws ?? '')}`);
    await page.getByText('connected').waitFor();
    await page.getByLabel('Message').fill('<b>hello</b>');
    await page.getByRole('button').click();
    await page.locator('li').waitFor();
    expect(await page.locator('li').textContent()).toBe('<b>hello</b>');
  });
});
