import type { Packet } from '@omqtt/codec';
import { describe, expect, test } from 'vitest';

import { type Dialogue, dialogue } from './dialogue.ts';
import { suback } from './packets.ts';

const versions = ['5.0', '3.1.1'] as const;

/** Answers every SUBSCRIBE that has left, and gives back their filters. */
function grantAll(given: Dialogue): readonly (readonly string[])[] {
  const filters: string[][] = [];
  for (const packet of given.sent()) {
    if (packet.type !== 'subscribe') continue;
    filters.push(packet.subscriptions.map(({ filter }) => filter));
    given.receive(suback(packet.packetId, ...packet.subscriptions.map(() => 0)));
  }
  return filters;
}

const everything = { qos: 2, noLocal: false, retainAsPublished: false, retainHandling: 0 } as const;

function lost(given: Dialogue): readonly unknown[] {
  return given
    .told()
    .flatMap((told) => (told.type === 'subscription-lost' ? [[told.filter, told.reasonCode] as const] : []));
}

function subscribe(given: Dialogue, identifier: number, ...filters: readonly string[]): void {
  const options = { qos: 1, noLocal: false, retainAsPublished: true, retainHandling: 1 } as const;
  const subscriptions = filters.map((filter) => ({ filter, ...options }));
  given.act((operation) => given.session.subscribe({ operation, subscriptions, identifier }, given.now));
  grantAll(given);
}

describe('subscriptions in a new session', () => {
  test('are made anew, and only there [parity E38]', () => {
    for (const version of versions) {
      const given = dialogue().connected({ version });
      given.subscribe('a');
      given.subscribe('b');
      grantAll(given);
      given.resumed({ version });
      expect(given.said()).toEqual([]);
      given.lost().connected({ version });
      expect(grantAll(given)).toEqual([['a', 'b']]);
      given.resumed({ version });
      expect(given.said()).toEqual([]);
    }
  });

  test('have the options and the identifier that they had, one packet for each identifier', () => {
    const given = dialogue().connected();
    subscribe(given, 1, 'a', 'b');
    subscribe(given, 2, 'c');
    given.lost().connected();
    const options = { qos: 1, noLocal: false, retainAsPublished: true, retainHandling: 1 };
    const subscriptionsOf = (...filters: readonly string[]) => filters.map((filter) => ({ filter, ...options }));
    expect(given.sent()).toMatchObject([
      { properties: { subscriptionIdentifier: 1 }, subscriptions: subscriptionsOf('a', 'b') },
      { properties: { subscriptionIdentifier: 2 }, subscriptions: subscriptionsOf('c') },
    ]);
  });

  test('are made in packets of a hundred, all of them', () => {
    const given = dialogue().connected();
    const filters = Array.from({ length: 20_050 }, (_, index) => `f/${index}`);
    given.subscribe(...filters);
    grantAll(given);
    given.lost().connected();
    const packets = grantAll(given);
    expect(packets.every((packet) => packet.length <= 100)).toBe(true);
    expect(packets.flat()).toEqual(filters);
  });

  test('are left out when somebody said that they are not wanted', () => {
    const given = dialogue().connected();
    given.subscribe('a', 'b');
    grantAll(given);
    given.persisted();
    given.act(() => given.session.undeclare('a'));
    expect(given.said()).toEqual([]);
    expect(given.persisted()).toEqual([{ type: 'unsubscribe', filter: 'a' }]);
    given.lost().connected();
    expect(grantAll(given)).toEqual([['b']]);
  });

  test('that the server refuses now are told, and not asked for again [parity B19]', () => {
    const given = dialogue().connected();
    given.subscribe('a', 'b');
    grantAll(given);
    given.lost().connected();
    const [renewal] = given.sent() as readonly (Packet & { type: 'subscribe' })[];
    given.receive(suback(renewal?.packetId ?? 0, 0x87, 0));
    expect(lost(given)).toEqual([['a', 0x87]]);
    given.lost().connected();
    expect(grantAll(given)).toEqual([['b']]);
  });

  test('come from the store as well', () => {
    const stored = { qos: 1, noLocal: false, retainAsPublished: false, retainHandling: 0 } as const;
    const subscriptions = [
      { filter: 'a', ...stored, identifier: 3 },
      { filter: 'b', ...stored },
    ];
    const given = dialogue({ restored: { subscriptions } }).connected({ sessionPresent: true });
    expect(given.said()).toEqual([]);
    given.lost().connected();
    expect(given.sent()).toEqual([
      {
        type: 'subscribe',
        packetId: 1,
        subscriptions: [{ filter: 'a', ...stored }],
        properties: { subscriptionIdentifier: 3 },
      },
      { type: 'subscribe', packetId: 2, subscriptions: [{ filter: 'b', ...stored }] },
    ]);
  });
});

describe('what a new connection does not allow any more', () => {
  test.each([
    { filter: 'c/+', properties: { wildcardSubscriptionAvailable: false }, reasonCode: 0xa2 },
    { filter: '$share/g/c', properties: { sharedSubscriptionAvailable: false }, reasonCode: 0x9e },
  ])('takes only the subscription with it that needs it: $filter', ({ filter, properties, reasonCode }) => {
    const given = dialogue().connected();
    given.subscribe('a', 'b', filter, 'd');
    grantAll(given);
    given.lost().connected({ properties });
    expect(grantAll(given).flat().toSorted()).toEqual(['a', 'b', 'd']);
    expect(lost(given)).toEqual([[filter, reasonCode]]);
  });

  test('takes all subscriptions with it that need an identifier', () => {
    const given = dialogue().connected();
    subscribe(given, 1, 'a', 'b');
    given.subscribe('c');
    grantAll(given);
    given.lost().connected({ properties: { subscriptionIdentifierAvailable: false } });
    expect(grantAll(given)).toEqual([['c']]);
    expect(lost(given)).toEqual([
      ['a', 0xa1],
      ['b', 0xa1],
    ]);
  });

  test('makes the packets smaller, and takes only the filter with it that is too large alone', () => {
    const given = dialogue().connected();
    const filters = Array.from({ length: 90 }, (_, index) => `filter/${index}`);
    const large = 'x'.repeat(80);
    given.subscribe(...filters, large);
    grantAll(given);
    given.lost().connected({ properties: { maximumPacketBytes: 64 } });
    expect(grantAll(given).flat().toSorted()).toEqual(filters.toSorted());
    expect(lost(given)).toEqual([[large, 0x95]]);
  });

  test('is an error for a call that waits, and takes no newer call for the same filter with it', () => {
    const given = dialogue();
    const long = 'x'.repeat(80);
    const [both, alone] = [given.subscribe('a', long), given.subscribe('a')];
    given.connected({ properties: { maximumPacketBytes: 64 } });
    expect(given.outcome(both)).toBe('server-limit');
    expect(grantAll(given)).toEqual([['a']]);
    expect(given.outcome(alone)).toBe('ok');
    given.lost().connected();
    expect(grantAll(given)).toEqual([['a']]);
  });

  test('divides a call that nobody waits for any more without what has been asked for anew since', () => {
    const given = dialogue();
    const cancelled = given.subscribe('$share/g/c', { ...everything, filter: 'a', qos: 1 }, 'b', 'd');
    given.subscribe({ ...everything, filter: 'a', qos: 2 });
    given.unsubscribe('b');
    given.cancel(cancelled);
    // What is divided comes behind what has no answer on the next connection, and must not have the last word there.
    given.connected({ properties: { sharedSubscriptionAvailable: false } }).sent();
    given.lost().connected({ sessionPresent: true });
    expect(given.said().map((words) => words.replace(/ \d+/, ''))).toEqual([
      'subscribe a',
      'unsubscribe b',
      'subscribe d',
    ]);
  });
});
