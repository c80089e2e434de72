/** How smoothly the list follows 5 000 packets a second, and scrolls while they come: time between frames, by the clock. */
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { encode } from '@omqtt/codec';
import type { Page } from 'playwright-core';
import { newReader, openPage, type BuiltPage } from './browser.ts';
import { inspectMany } from './many-packets.ts';

const STORED = 100_000;
const PACKETS_PER_SECOND = 5000;
const STEP_MS = 10;
const SECONDS = 8;
/** So far per frame: a fast wheel. */
const SCROLL_PX = 300;
const BUDGET_MS = 40;

export async function printMotion({ browser }: BuiltPage): Promise<void> {
  const inspector = await inspectMany(STORED);
  const reader = await newReader(browser);
  const { page } = await openPage(reader, inspector.url);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const worked = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1000;
  };
  const stop = await startLoad(inspector.listener);
  await page.keyboard.press('End');
  for (const what of ['follow', 'scroll'] as const) {
    if (what === 'scroll') await page.keyboard.press('Home');
    // The first second is for the compilers.
    await frames(page, 1000, 0);
    const before = await worked();
    const gaps = await frames(page, SECONDS * 1000, what === 'scroll' ? SCROLL_PX : 0);
    const perFrame = ((await worked()) - before) / gaps.length;
    const p99 = gaps.toSorted((one, other) => one - other)[Math.floor(gaps.length * 0.99)] ?? Number.NaN;
    console.log(
      `${what} at ${PACKETS_PER_SECOND} packets/s: p99 frame ${p99.toFixed(1)} ms of ${gaps.length} by the clock ` +
        `(longest ${Math.max(...gaps).toFixed(1)}; budget ${BUDGET_MS}) ${p99 < BUDGET_MS ? 'met' : 'MISSED'}; ` +
        `the page worked ${perFrame.toFixed(1)} ms for each`,
    );
  }
  await stop();
  await reader.close();
  await inspector.close();
}

/** Milliseconds between frames, while the list is scrolled down by so much in each, and back from the end. */
function frames(page: Page, forMs: number, scrollPx: number): Promise<number[]> {
  return page.evaluate(
    async ([duration, step]) => {
      const grid = document.querySelector('[role=grid]') as HTMLElement;
      const gaps: number[] = [];
      const started = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
      let way = step;
      for (let last = started; last - started < duration;) {
        const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
        gaps.push(now - last);
        last = now;
        if (way === 0) continue;
        const top = grid.scrollTop;
        grid.scrollTop = top + way;
        if (grid.scrollTop === top) way = -way;
      }
      return gaps;
    },
    [forMs, scrollPx] as const,
  );
}

async function startLoad(listener: string): Promise<() => Promise<void>> {
  const client = createConnection(Number(new URL(listener).port), '127.0.0.1');
  await once(client, 'connect');
  const payload = new TextEncoder().encode('{"temp":21}');
  const packet = encode({ type: 'publish', topic: 'plant/1/temp', payload, qos: 0, dup: false, retain: false }, '5.0');
  const ending = new AbortController();
  const sending = (async () => {
    const started = performance.now();
    let sent = 0;
    while (!ending.signal.aborted) {
      const due = Math.floor(((performance.now() - started) / 1000) * PACKETS_PER_SECOND) - sent;
      sent += due;
      if (!client.write(Buffer.concat(Array.from({ length: due }, () => packet)))) await once(client, 'drain');
      await sleep(STEP_MS);
    }
  })();
  return async () => {
    ending.abort();
    await sending;
    client.destroy();
  };
}
