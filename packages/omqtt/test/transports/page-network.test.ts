import { expect, test } from 'vitest';
import { watchPageNetwork } from '../../src/transports/page-network.ts';

class PageDocument extends EventTarget {
  visibilityState = 'visible';
}

class Page extends EventTarget {
  readonly navigator = { onLine: true };
  readonly document = new PageDocument();
}

test('a page tells when it is online again, and when it is looked at again, until nobody listens', () => {
  const page = new Page();
  let told = 0;
  const stop = watchPageNetwork(() => (told += 1), page);
  page.dispatchEvent(new Event('online'));
  expect(told).toBe(1);
  page.document.visibilityState = 'hidden';
  page.document.dispatchEvent(new Event('visibilitychange'));
  expect(told).toBe(1);
  page.document.visibilityState = 'visible';
  page.document.dispatchEvent(new Event('visibilitychange'));
  expect(told).toBe(2);
  stop();
  page.dispatchEvent(new Event('online'));
  page.document.dispatchEvent(new Event('visibilitychange'));
  expect(told).toBe(2);
});

test('a runtime that knows nothing of the network is left alone', () => {
  const page = Object.assign(new EventTarget(), {
    navigator: {},
    addEventListener: () => expect.unreachable('it listens'),
  });
  watchPageNetwork(() => undefined, page)();
});
