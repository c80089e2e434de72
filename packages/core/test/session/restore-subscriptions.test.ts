import { describe, expect, test } from 'vitest';
import { type Dialogue, dialogue } from './dialogue.ts';
import { keptOf, restarted } from './kept-session.ts';
import { suback, unsuback } from './packets.ts';

const versions = ['5.0', '3.1.1'] as const;

/** The filters of each SUBSCRIBE that has left since last asked; the first one is granted all of them. */
function asked(given: Dialogue): readonly (readonly string[])[] {
  return given.sent().flatMap((packet) => {
    if (packet.type !== 'subscribe') return [];
    return [packet.subscriptions.map(({ filter, qos }) => `${filter} ${qos}`)];
  });
}

describe('subscriptions that a store kept', () => {
  test('are asked for again in a resumed session when SUBACK had not come, and only those', () => {
    for (const version of versions) {
      const given = dialogue().connected({ version });
      given.subscribe('granted');
      given.receive(suback(1, 2));
      given.subscribe('open', 'too');
      const next = restarted(given).connected({ version, sessionPresent: true });
      expect(asked(next)).toEqual([['open 2', 'too 2']]);
      next.receive(suback(1, 2, 2));
      next.resumed({ version });
      expect(asked(next)).toEqual([]);
    }
  });

  test('have an answer once SUBACK has come, which outlives the process as well', () => {
    const given = dialogue().connected();
    given.subscribe('a', 'refused');
    given.receive(suback(1, 2, 0x87));
    const changes = given.persisted();
    expect(changes.at(-1)).toEqual({ type: 'unsubscribe', filter: 'refused' });
    const { subscriptions } = keptOf(changes);
    const next = dialogue({ restored: { subscriptions } }).connected({ sessionPresent: true });
    expect(asked(next)).toEqual([]);
    next.lost().connected();
    expect(asked(next)).toEqual([['a 2']]);
  });

  test('are asked for again when the process ended while they were being renewed', () => {
    const given = dialogue().connected();
    given.subscribe('a');
    given.receive(suback(1, 2));
    given.lost().connected();
    const next = restarted(given).connected({ sessionPresent: true });
    expect(asked(next)).toEqual([['a 2']]);
  });

  test('without a word on their answer were granted, as older stores have them', () => {
    const options = { qos: 1, noLocal: false, retainAsPublished: false, retainHandling: 0 } as const;
    const given = dialogue({ restored: { subscriptions: [{ filter: 'a', ...options }] } });
    given.connected({ sessionPresent: true });
    expect(asked(given)).toEqual([]);
  });

  test('are taken back again in a resumed session when UNSUBACK had not come, and are forgotten in a new one', () => {
    for (const version of versions) {
      const given = dialogue().connected({ version });
      given.subscribe('a', 'b');
      given.receive(suback(1, 2, 2));
      given.unsubscribe('a', 'never asked for');
      const restored = keptOf(given.persisted());
      for (const sessionPresent of [true, false]) {
        const next = dialogue({ restored }).connected({ version, sessionPresent });
        const filters = next.sent().flatMap((packet) => (packet.type === 'unsubscribe' ? packet.filters : []));
        expect(filters).toEqual(sessionPresent ? ['a', 'never asked for'] : []);
        for (const id of sessionPresent ? [1, 2] : []) next.receive(unsuback(id, ...(version === '5.0' ? [0] : [])));
        expect(next.persisted().filter(({ type }) => type === 'unsubscribe')).toEqual([
          { type: 'unsubscribe', filter: 'a' },
          { type: 'unsubscribe', filter: 'never asked for' },
        ]);
      }
    }
  });

  test('are forgotten with UNSUBACK, unless they were asked for again since', () => {
    const given = dialogue().connected();
    given.subscribe('a', 'b');
    given.receive(suback(1, 2, 2));
    given.unsubscribe('a', 'b');
    given.subscribe('b');
    given.receive(unsuback(2, 0, 0), suback(3, 2));
    const { subscriptions } = keptOf(given.persisted());
    expect(subscriptions).toMatchObject([{ filter: 'b' }]);
    expect(subscriptions[0]).not.toHaveProperty('isLeaving');
  });

  test('give way to what was asked for before the store was read', () => {
    const options = { noLocal: false, retainAsPublished: false, retainHandling: 0 } as const;
    const given = dialogue();
    given.subscribe({ filter: 'a', qos: 1, ...options });
    given.unsubscribe('b');
    const old = { qos: 0, ...options } as const;
    const subscriptions = [
      { filter: 'a', ...old },
      { filter: 'b', ...old },
    ];
    const kept = {
      exists: true,
      isNew: false,
      clientId: 'client',
      messages: [],
      inboundIds: [],
      subscriptions,
      nextSequence: 1,
    };
    given.session.restore(kept);
    given.connected();
    expect(asked(given)).toEqual([['a 1']]);
    given.lost().connected();
    expect(asked(given)).toEqual([['a 1']]);
  });
});
