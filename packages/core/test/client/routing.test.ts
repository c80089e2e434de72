import { describe, expect, test } from 'vitest';
import type { SubscribeOptions, Subscription } from '../../src/index.ts';
import { type Bench, connected } from './bench.ts';
import { message, subscribed } from './subscribed.ts';

type Wanted = readonly [filter: string, options?: SubscribeOptions];

/** Which of the subscriptions get a message to the topic. */
async function recipients(
  wanted: readonly Wanted[],
  topic: string,
  identifiers?: readonly number[],
): Promise<readonly number[]> {
  const bench = await connected();
  const subscriptions: Subscription[] = [];
  for (const [filter, options] of wanted) subscriptions.push(await subscribed(bench, filter, options));
  return receive(bench, subscriptions, { topic, identifiers });
}

async function byPrefix(filters: readonly string[], filterPrefixes?: readonly string[]): Promise<readonly number[]> {
  const bench = await connected(filterPrefixes === undefined ? {} : { filterPrefixes });
  const subscriptions: Subscription[] = [];
  for (const filter of filters) subscriptions.push(await subscribed(bench, filter));
  return receive(bench, subscriptions, { topic: 'a/b', identifiers: undefined });
}

async function receive(
  { broker, clock }: Bench,
  subscriptions: readonly Subscription[],
  { topic, identifiers }: { topic: string; identifiers: readonly number[] | undefined },
): Promise<readonly number[]> {
  const properties = identifiers && { properties: { subscriptionIdentifiers: identifiers } };
  broker.send(message(topic, 'x', { qos: 0, ...properties }));
  await clock.settle();
  return subscriptions.flatMap((subscription, index) => (subscription.poll() === undefined ? [] : [index]));
}

describe('a message goes to', () => {
  test('every subscription that has a filter for it, once [parity E33]', async () => {
    const bench = await connected();
    const subscription = await subscribed(bench, ['a/#', 'a/+', 'a/b']);
    bench.broker.send(message('a/b', 'x', { qos: 0 }));
    await bench.clock.settle();
    expect(subscription.buffered).toBe(1);
    expect(await recipients([['a/#'], ['a/+'], ['b/#'], ['#']], 'a/b')).toEqual([0, 1, 3]);
  });

  test('those that `#` and `+` reach, which are not the topics of the server [5.0 MQTT-4.7.2-1] [3.1.1 MQTT-4.7.2-1] [parity E42]', async () => {
    expect(await recipients([['#'], ['+/x'], ['$SYS/#'], ['$SYS/+']], '$SYS/x')).toEqual([2, 3]);
  });

  test('those whose characters are its own: nothing is normalised [5.0 MQTT-4.7.3-4] [3.1.1 MQTT-4.7.3-4]', async () => {
    const wanted: Wanted[] = [['caf\u00e9'], ['cafe\u0301'], ['CAF\u00c9'], ['/caf\u00e9'], ['caf\u00e9/']];
    expect(await recipients(wanted, 'caf\u00e9')).toEqual([0]);
    expect(await recipients(wanted, 'cafe\u0301')).toEqual([1]);
  });

  test('a shared subscription by the filter without its group [parity Z25]', async () => {
    expect(await recipients([['a/+', { share: 'group' }], ['$share/other/a/b'], ['b']], 'a/b')).toEqual([0, 1]);
  });

  test.each([
    ['a/b', ['a/#', 'a/+', 'a/b'], 2],
    ['a/b', ['a/b', 'a/+', 'a/#'], 0],
    ['a/b', ['#', 'a/#'], 1],
    ['a/b', ['+/b', 'a/+'], 1],
    ['a/b/c', ['+/+/c', 'a/#'], 1],
    ['a/b/c', ['a/b/#', 'a/b/c'], 1],
    ['a/b/c', ['$share/z/a/+/c', 'a/b/+'], 1],
  ] as const)(
    'to %s, only the most specific of %j where they are exclusive [parity Z24, E33]',
    async (topic, filters, expected) => {
      const wanted = filters.map((filter): Wanted => [filter, { exclusive: true }]);
      expect(await recipients([...wanted, ['#']], topic)).toEqual([expected]);
    },
  );

  test('the subscription whose identifier it carries, and to those without one [parity Z24, E33, B27]', async () => {
    const wanted: Wanted[] = [['a/#', { identifier: 1 }], ['a/b', { identifier: 2 }], ['a/+']];
    expect(await recipients(wanted, 'a/b', [2])).toEqual([1, 2]);
    expect(await recipients(wanted, 'a/b', [1, 2])).toEqual([0, 1, 2]);
    expect(await recipients(wanted, 'a/b')).toEqual([2]);
  });

  test('all that match, when the identifiers leave nobody', async () => {
    expect(
      await recipients(
        [
          ['a/#', { identifier: 1 }],
          ['b', { identifier: 2 }],
        ],
        'a/b',
      ),
    ).toEqual([0]);
  });

  test('those whose filter has a prefix for the server alone [parity Z25, E41]', async () => {
    const filters = ['$queue/a/+', '$exclusive/a/b', '$other/a/b', '$queue/a/c', '$queue/'];
    expect(await byPrefix(filters)).toEqual([0, 1]);
    expect(await byPrefix(filters, ['$other/'])).toEqual([2]);
    expect(await byPrefix(filters, [])).toEqual([]);
  });

  test('those whose filter only looks as if it had a prefix', async () => {
    expect(await recipients([['$queue/a'], ['$queue/+'], ['a']], '$queue/a')).toEqual([0, 1]);
  });

  test('the most specific of those with a prefix too', async () => {
    const exclusive = { exclusive: true };
    const wanted: Wanted[] = [
      ['$queue/a/#', exclusive],
      ['$queue/a/b', exclusive],
      ['a/+', exclusive],
    ];
    expect(await recipients(wanted, 'a/b')).toEqual([1]);
  });

  test('nobody whose filter with a prefix has been taken away', async () => {
    const bench = await connected();
    const subscription = await subscribed(bench, '$queue/a');
    void subscription.unsubscribe().catch(() => undefined);
    expect(await receive(bench, [subscription], { topic: 'a', identifiers: undefined })).toEqual([]);
  });

  test('the subscription that its identifier names, when the server has rewritten the topic', async () => {
    expect(await recipients([['a', { identifier: 9 }], ['b']], 'rewritten', [9])).toEqual([0]);
  });

  test('nobody who has unsubscribed [parity B18]', async () => {
    const bench = await connected();
    const [first, second] = [await subscribed(bench, 'a/+', { identifier: 1 }), await subscribed(bench, 'a/#')];
    void first.unsubscribe().catch(() => undefined);
    expect(await receive(bench, [first, second], { topic: 'a/b', identifiers: [1] })).toEqual([1]);
  });
});
