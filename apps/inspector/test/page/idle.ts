import { expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { patiently } from '../patiently.ts';
import type { BuiltPage } from './browser.ts';
import { showTraffic } from './shown-page.ts';
import { Traffic } from './traffic.ts';

interface Running {
  /** Timers that have not come yet. */
  readonly waiting: number;
  /** Timers and frames that were asked for so far. */
  readonly asked: number;
}

type Counting = typeof globalThis & { counted: { waiting: Set<unknown>; asked: number } };

/** Counts the timers and frames of the page from its beginning on. */
async function countTimers(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const counted = { waiting: new Set<unknown>(), asked: 0 };
    Object.assign(globalThis, { counted });
    const { setTimeout: wait, clearTimeout: forget, requestAnimationFrame: nextFrame } = globalThis;
    Object.assign(globalThis, {
      setTimeout: (callback: () => void, ms?: number) => {
        counted.asked += 1;
        const timer = wait(() => {
          counted.waiting.delete(timer);
          callback();
        }, ms);
        counted.waiting.add(timer);
        return timer;
      },
      clearTimeout: (timer: ReturnType<typeof wait>) => {
        counted.waiting.delete(timer);
        forget(timer);
      },
      requestAnimationFrame: (callback: FrameRequestCallback) => {
        counted.asked += 1;
        return nextFrame(callback);
      },
      setInterval: () => {
        throw new Error('The page has an interval.');
      },
    });
  });
  await page.reload();
}

function running(page: Page): Promise<Running> {
  return page.evaluate(() => {
    const { waiting, asked } = (globalThis as Counting).counted;
    return { waiting: waiting.size, asked };
  });
}

/** Resolves when the page has drawn what it was told. */
function drawn(page: Page): Promise<void> {
  return page.evaluate(async () => {
    for (let frame = 0; frame < 3; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
  });
}

export function idle(built: () => BuiltPage): void {
  test('a paused page runs no timer and asks for no frame, though packets pass and one waits for its answer', async () => {
    const traffic = new Traffic();
    traffic.connect('tcp-1', 'dev-1');
    traffic.publish('tcp-1', 'plant/heat', { packetId: 1 });
    traffic.say('tcp-1', 'c2s', {
      type: 'publish',
      topic: 'plant/unanswered',
      payload: new Uint8Array(),
      qos: 1,
      packetId: 2,
      dup: false,
      retain: false,
    });
    const { page, more, inspector } = await showTraffic(built(), traffic, '&view=exchanges');
    await countTimers(page);
    await page.locator('.cell-pair', { hasText: 'waiting' }).first().waitFor();
    const waiting = async (): Promise<number> => (await running(page)).waiting;
    // The page may be waiting for the server for a moment after it has begun.
    await expect.poll(waiting, patiently).toBe(1);
    await page.keyboard.press('Space');
    await page.locator('.status-sign[data-kind=paused]').waitFor();
    await drawn(page);
    const before = await running(page);
    expect(before.waiting).toBe(0);

    const passed = traffic.inspection.records.length;
    for (let count = 0; count < 20; count += 1) traffic.publish('tcp-1', 'plant/heat', { packetId: 10 + count });
    await more();
    const headers = { authorization: `Bearer ${inspector.token ?? ''}` };
    const last = async (): Promise<unknown> =>
      ((await (await fetch(`${inspector.apiUrl ?? ''}/api/status`, { headers })).json()) as { last: number }).last;
    await expect.poll(last, patiently).toBe(passed + 40);
    // Another page is told of them: this one would have been, too.
    const other = await page.context().newPage();
    await other.goto(inspector.url ?? '');
    await other.locator('.counts', { hasText: `${passed + 40} packets` }).waitFor();
    await other.close();
    expect(await running(page)).toEqual(before);

    await page.keyboard.press('Space');
    await page.locator('.counts', { hasText: `of ${passed + 40} packets` }).waitFor();
    expect((await running(page)).asked).toBeGreaterThan(before.asked);
  });
}
