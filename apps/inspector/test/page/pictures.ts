/** Makes the pictures of the READMEs from a real run: `pnpm pictures` in apps/inspector. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { startBroker, type Broker } from '@omqtt/broker';
import { encode } from '@omqtt/codec';
import { connect, type Client } from 'omqtt';
import type { Page } from 'playwright-core';
import { startInspector } from '../../src/start-inspector.ts';
import { buildPage } from './browser.ts';
import { smallScreenshot } from './small-png.ts';

const LARGEST_BYTES = 150_000;
const folder = join(import.meta.dirname, '../../pictures');

/** A house with a thermometer, a boiler that answers questions, and a device that breaks rules. */
async function talk(url: string, broker: Broker): Promise<Client[]> {
  const boiler = await connect(url, {
    clientId: 'boiler',
    credentials: { username: 'boiler', password: 'hot water' },
    will: { topic: 'house/boiler/state', payload: 'gone', qos: 1, retain: true },
  });
  await boiler.respond('house/boiler/ask', () => '{"litres":180,"target":55}').ready;
  await boiler.subscribe('house/+/temperature', { qos: 1 }, () => {}).ready;
  const thermometer = await connect(url, { clientId: 'thermometer', topicAliasMaximum: 8 });
  for (let index = 0; index < 3; index += 1) {
    await thermometer.publish(`house/${room(index)}/temperature`, JSON.stringify({ celsius: 20 + index }), {
      qos: 1,
    });
    await pause(230);
  }
  await thermometer.publish('house/door/open', 'front', { qos: 2 });
  await thermometer.request('house/boiler/ask', '{"what":"level"}', { timeoutMs: 10_000 });
  await breakRules(url);
  await thermometer.ping();
  broker.faults.drop('puback', { times: 1 });
  void thermometer.publish('house/attic/temperature', '{"celsius":11}', { qos: 1 }).catch(() => {});
  await pause(300);
  return [boiler, thermometer];
}

/** A PUBLISH with both QoS bits set. */
async function breakRules(url: string): Promise<void> {
  const socket = createConnection(Number(new URL(url).port), '127.0.0.1');
  const answered = new Promise((resolve) => socket.once('data', resolve));
  socket.write(
    encode({ type: 'connect', version: '5.0', clientId: 'old-gauge', cleanStart: true, keepAliveSeconds: 30 }, '5.0'),
  );
  await answered;
  socket.write(Uint8Array.of(0x36, 0x0a, 0x00, 0x05, ...Buffer.from('gauge'), 0x00, 0x08, 0x00));
  await new Promise((resolve) => socket.once('close', resolve).resume());
}

function room(index: number): string {
  return ['kitchen', 'hall', 'attic'][index % 3] ?? '';
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

async function take(page: Page, name: string): Promise<void> {
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  const path = join(folder, `${name}.png`);
  const picture = await smallScreenshot(page);
  const { length } = picture;
  if (length > LARGEST_BYTES) throw new Error(`${name} has ${length} bytes, more than ${LARGEST_BYTES}`);
  writeFileSync(path, picture);
  console.log(`${name}.png: ${length} bytes`);
}

const shots: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  packets: async (page) => {
    await page.keyboard.press('1');
    await page.keyboard.press('Home');
    await page
      .locator('.list-row:not([hidden])', { hasText: 'CONNECT' })
      .filter({ hasText: 'thermometer' })
      .first()
      .click();
    await page.locator('.detail h2', { hasText: 'CONNECT #' }).waitFor();
    await page.keyboard.press('M');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('asks for no session');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.keyboard.press('n');
    await page.locator('.finding').first().waitFor();
    await page.locator('[role=treeitem]', { hasText: /^·qos/ }).click();
  },
  exchanges: async (page) => {
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.keyboard.press('2');
    await page.locator('.cell-pubcomp', { hasText: '+' }).first().waitFor();
    await page.locator('.cell-answer', { hasText: 'response' }).first().waitFor();
    await page.locator('.cell-pair', { hasText: 'waiting' }).first().waitFor();
  },
  topics: async (page) => {
    await page.keyboard.press('3');
    await page.locator('.table-view td').first().waitFor();
  },
  statistics: async (page) => {
    await page.keyboard.press('4');
    await page.locator('.table-view td').first().waitFor();
  },
  copy: async (page) => {
    await page.keyboard.press('1');
    await page.locator('.counts', { hasText: /^\d+ packets/ }).waitFor();
    await page.keyboard.press('Home');
    await page.locator('.list-row:not([hidden])', { hasText: '{"celsius":20' }).first().click();
    await page.getByRole('tab', { name: 'Payload' }).click();
    await page.locator('.payload').waitFor();
    await page.keyboard.press('c');
    await page.getByRole('dialog').waitFor();
  },
};

const built = await buildPage();
mkdirSync(folder, { recursive: true });
const broker = await startBroker();
const inspector = await startInspector({ routes: [{ listen: 'mqtt://127.0.0.1:1884', upstream: broker.url }] });
const clients = await talk(inspector.listeners[0] ?? '', broker);
const viewport = { width: 1200, height: 640 };
const page = await built.browser.newPage({ viewport, colorScheme: 'light', timezoneId: 'UTC' });
await page.goto(inspector.url ?? '');
await page.locator('.list-row[data-direction]').first().waitFor();
for (const [name, prepare] of Object.entries(shots)) {
  await page.emulateMedia({ colorScheme: 'light' });
  await prepare(page);
  await take(page, name);
  await page.emulateMedia({ colorScheme: 'dark' });
  await take(page, `${name}-dark`);
}
for (const client of clients) await client.close({ drainMs: 0 });
await page.close();
await inspector.close();
await broker.close();
await built.close();
