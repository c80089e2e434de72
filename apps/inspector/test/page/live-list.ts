import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { startBroker } from '@omqtt/broker';
import { requirePeer } from '@omqtt/peers';
import { connect } from 'omqtt';
import { expect, onTestFinished, test } from 'vitest';
import { withInspector, type TestInspector } from '../with-inspector.ts';
import { leavePage, openPage, type BuiltPage } from './browser.ts';
import { showConversation, showTraffic } from './shown-page.ts';
import { conversation } from './traffic.ts';

const mosquittoPub = requirePeer('mosquitto_pub');

/** An inspector before the embedded broker. */
async function inspectBroker(): Promise<TestInspector> {
  const broker = await startBroker();
  const inspector = await withInspector({ routes: [{ listen: 'mqtt://127.0.0.1:0', upstream: broker.url }] });
  onTestFinished(async () => {
    await broker.close();
    await inspector.close();
  });
  return inspector;
}

export function liveList(built: () => BuiltPage): void {
  test('after a look at the beginning, End stays at the end while packets come', async () => {
    const traffic = conversation();
    const { page, more } = await showTraffic(built(), traffic);
    const follow = page.getByRole('button', { name: 'Follow' });
    await page.keyboard.press('Home');
    await page.locator('.cell-number', { hasText: /^1$/ }).waitFor();
    expect(await follow.getAttribute('aria-pressed')).toBe('false');
    await page.keyboard.press('End');
    await page.locator('.cell-number', { hasText: /^29$/ }).waitFor();
    traffic.publish('tcp-1', 'plant/heat', { packetId: 40 });
    await more();
    await page.locator('.cell-number', { hasText: /^31$/ }).waitFor();
    expect(await follow.getAttribute('aria-pressed')).toBe('true');
  });

  test('shows what omqtt and a broker say to each other while they do', async () => {
    const inspector = await inspectBroker();
    const { page, problems } = await openPage(built().reader, inspector.url ?? '');
    onTestFinished(() => leavePage(page));
    await page.locator('.empty', { hasText: inspector.listeners[0] ?? '?' }).waitFor();
    await using client = await connect(inspector.listeners[0] ?? '', { clientId: 'dev-1' });
    const subscription = client.subscribe('plant/+', { qos: 1 });
    await subscription.ready;
    await client.publish('plant/heat', '21', { qos: 2 });
    await subscription.next();
    for (const type of ['CONNECT', 'CONNACK', 'SUBSCRIBE', 'SUBACK', 'PUBREC', 'PUBREL', 'PUBCOMP']) {
      await page.locator('.list-row', { hasText: type }).first().waitFor();
    }
    await page.locator('.connection', { hasText: 'dev-1' }).waitFor();
    await page.locator('.list-row', { hasText: 'q2 #' }).click();
    await page.getByRole('tab', { name: 'Exchange' }).click();
    await page.locator('.exchange', { hasText: '✓ done in' }).waitFor();
    expect(await page.locator('.exchange li').count()).toBe(4);
    expect(problems).toEqual([]);
  });

  test.skipIf(mosquittoPub.isMissing)('shows what mosquitto_pub sends, decoded, paired and timed', async () => {
    const inspector = await inspectBroker();
    const { page } = await openPage(built().reader, inspector.url ?? '');
    onTestFinished(() => leavePage(page));
    const { port } = new URL(inspector.listeners[0] ?? '');
    const args = ['-p', port, '-V', '5', '-i', 'dev-2', '-t', 'a/b', '-m', 'hello', '-q', '1'];
    await promisify(execFile)(mosquittoPub.path, args, { timeout: 20_000 });
    await page.locator('.list-row', { hasText: 'q1 #1 a/b 5B "hello"' }).waitFor();
    const answer = page.locator('.list-row', { hasText: 'PUBACK' });
    await answer.waitFor();
    expect(await answer.locator('.cell-pair').textContent()).toMatch(/^✓ \d/);
    await page.locator('.connection-ending', { hasText: 'the client sent DISCONNECT' }).waitFor();
  });

  test('grows while packets pass, takes the token out of the address, and breaks no rule of its policy', async () => {
    const traffic = conversation();
    const { page, problems, more } = await showTraffic(built(), traffic);
    expect(await page.locator('[role=grid]').getAttribute('aria-rowcount')).toBe('30');
    traffic.publish('tcp-1', 'fresh/news', { packetId: 20 });
    await more();
    await page.locator('.list-row', { hasText: 'fresh/news' }).waitFor();
    // Its acknowledgement may come a batch later.
    await page.locator('[role=grid][aria-rowcount="32"]').waitFor();
    expect(new URL(page.url()).hash).toBe('');
    expect(problems).toEqual([]);
  });

  test('shows fields with their bytes, and finds the field of a byte', async () => {
    const { page } = await showConversation(built());
    await page.locator('.list-row', { hasText: 'PUBLISH' }).first().click();
    await page.locator('[role=treeitem]', { hasText: /^·topic"plant/ }).click();
    expect(await page.locator('.byte.marked').count()).toBe('plant/2/temp'.length + 2);
    const payload = page.locator('.byte').last();
    await payload.click();
    await page.locator('[role=treeitem][aria-selected=true]', { hasText: 'payload' }).waitFor();
    expect(await page.locator('.byte.marked').count()).toBe(1);
  });

  test('jumps to the next finding, and says who broke which statement where, and what to do', async () => {
    const { page } = await showConversation(built());
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
