import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readExamples } from '@omqtt/readme-examples';
import { describe, expect, onTestFinished, test } from 'vitest';
import { mosquitto, startBroker } from '../../omqtt/test/mosquitto.ts';
import { chromiumPeer, reportFolder, servePage } from './served-page.ts';

describe.skipIf(chromiumPeer.isMissing || mosquitto.isMissing)('the README', () => {
  test('has an example that prints in a page what it says', { timeout: 30_000 }, async () => {
    const broker = await startBroker({ webSocket: true });
    const [{ program, promised }] = readExamples(join(import.meta.dirname, '..'));

    const source = reportFolder();
    onTestFinished(() => rmSync(source, { recursive: true }));
    writeFileSync(join(source, 'main.ts'), program.replace('wss://broker.example/mqtt', broker.webSocketUrl));
    writeFileSync(join(source, 'index.html'), '<!doctype html><script type="module" src="./main.ts"></script>');
    const served = await servePage(source);
    onTestFinished(() => served.close());

    const tab = await served.browser.newPage();
    const printed: string[] = [];
    // Chromium itself complains there that the page has no icon.
    tab.on('console', (message) => void (message.type() === 'log' && printed.push(message.text())));
    tab.on('pageerror', ({ message }) => printed.push(message));
    await tab.goto(served.url);
    await expect.poll(() => printed, { timeout: 10_000 }).toEqual(promised);
  });
});
