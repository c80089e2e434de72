import { describe, expect, test } from 'vitest';

import { type Dialogue, dialogue } from './dialogue.ts';
import { message, puback, suback, unsuback } from './packets.ts';

const versions = ['5.0', '3.1.1'] as const;

/** Subscribed to all of them, and acknowledged. */
function subscribed(given: Dialogue, ...filters: readonly string[]): Dialogue {
  given.subscribe(...filters);
  given.receive(suback(1, ...filters.map(() => 0)));
  given.sent();
  return given;
}

function withIdentifier(given: Dialogue, identifier: number, filter: string): number {
  const request = { filter, qos: 0, noLocal: true, retainAsPublished: true, retainHandling: 2 } as const;
  return given.act((operation) =>
    given.session.subscribe({ operation, subscriptions: [request], identifier }, given.now),
  );
}

describe('SUBSCRIBE', () => {
  test('[5.0 MQTT-3.8.4-1, MQTT-3.8.4-2, MQTT-2.2.1-6] [3.1.1 MQTT-3.8.4-1, MQTT-3.8.4-2, MQTT-2.3.1-7] settles with the SUBACK that has its id, in whatever order they come', () => {
    for (const version of versions) {
      const given = dialogue().connected({ version });
      const [first, second] = [given.subscribe('a'), given.subscribe('b')];
      expect(given.said()).toEqual(['subscribe 1 a', 'subscribe 2 b']);
      given.receive(suback(9, 0), puback(1), unsuback(1, ...(version === '5.0' ? [0] : [])));
      expect(given.outcome(first)).toBe('pending');
      given.receive(suback(2, 1));
      expect([given.outcome(first), given.outcome(second)]).toEqual(['pending', 'ok']);
      expect(given.settled(second)?.packet).toEqual(suback(2, 1));
      given.receive(suback(1, 2), suback(1, 2));
      expect(given.settled(first)?.packet).toEqual(suback(1, 2));
      expect(given.ending()).toBe('open');
    }
  });

  test('carries several filters with their options, and an identifier [parity O7, Z17]', () => {
    const given = dialogue().connected();
    withIdentifier(given, 5, 'a');
    const options = { qos: 0, noLocal: true, retainAsPublished: true, retainHandling: 2 };
    expect(given.sent()).toEqual([
      {
        type: 'subscribe',
        packetId: 1,
        subscriptions: [{ filter: 'a', ...options }],
        properties: { subscriptionIdentifier: 5 },
      },
    ]);
    given.subscribe('b', 'c');
    expect(given.said()).toEqual(['subscribe 2 b c']);
  });

  test('waits for a connection, and is sent on it in the order of the calls [parity O7, O8]', () => {
    const given = dialogue();
    given.subscribe('a');
    given.unsubscribe('b');
    given.subscribe('c');
    given.connected({ sessionPresent: false });
    // A new session has nothing to take away.
    expect(given.said()).toEqual(['subscribe 1 a', 'subscribe 2 c']);
  });

  test('without an answer is sent again on the next connection, with its filters and once', () => {
    for (const sessionPresent of [true, false]) {
      const given = dialogue().connected();
      const operation = given.subscribe('a', 'b');
      given.sent();
      given.lost().connected({ sessionPresent });
      expect(given.said()).toEqual([expect.stringMatching(/^subscribe \d+ a b$/)]);
      given.receive(suback(2, 0, 0));
      expect(given.outcome(operation)).toBe('ok');
    }
  });

  test('[5.0 MQTT-3.9.3-1, MQTT-3.8.4-6] [3.1.1 MQTT-3.9.3-1, MQTT-3.8.3-2] has an answer for each filter in their order: what was refused is not renewed [parity E37, B19]', () => {
    for (const version of versions) {
      const given = dialogue().connected({ version });
      const operation = given.subscribe('a', 'b', 'c');
      given.receive(suback(1, 0, 0x80, 2));
      expect(given.settled(operation)?.packet).toEqual(suback(1, 0, 0x80, 2));
      expect(given.persisted().slice(-3)).toMatchObject([
        { type: 'subscribe', subscription: { filter: 'a' } },
        { type: 'unsubscribe', filter: 'b' },
        { type: 'subscribe', subscription: { filter: 'c' } },
      ]);
      given.sent();
      given.lost().connected({ version });
      expect(given.said()).toEqual(['subscribe 2 a c']);
    }
  });

  test('[5.0 MQTT-3.8.4-6] is answered with a reason code for each filter, or the connection ends', () => {
    const given = dialogue().connected();
    const operation = given.subscribe('a', 'b');
    given.sent();
    given.receive(suback(1, 0));
    expect(given.said()).toEqual(['disconnect 0x82']);
    expect(given.outcome(operation)).toBe('pending');
  });

  test('[5.0 MQTT-3.8.4-3] [3.1.1 MQTT-3.8.4-3] to the same filter takes the place of the older one [parity O7, E36]', () => {
    for (const version of versions) {
      const given = dialogue().connected({ version });
      given.subscribe({ filter: 'a', qos: 0, noLocal: false, retainAsPublished: false, retainHandling: 0 });
      given.subscribe({ filter: 'a', qos: 2, noLocal: false, retainAsPublished: false, retainHandling: 0 });
      // The answer to the older one comes late, and says nothing about the newer.
      given.receive(suback(2, 2), suback(1, 0x80));
      given.sent();
      given.lost().connected({ version });
      expect(given.sent()).toMatchObject([{ type: 'subscribe', subscriptions: [{ filter: 'a', qos: 2 }] }]);
    }
  });
});

describe('UNSUBSCRIBE', () => {
  test('[5.0 MQTT-3.10.4-4, MQTT-3.10.4-5, MQTT-2.2.1-6] settles with the UNSUBACK that has its id, if there was a subscription or not [parity O8, E39]', () => {
    const given = dialogue().connected();
    const operation = given.unsubscribe('a', 'b');
    expect(given.said()).toEqual(['unsubscribe 1 a b']);
    given.receive(unsuback(2, 0, 0), suback(1, 0, 0));
    expect(given.outcome(operation)).toBe('pending');
    given.receive(unsuback(1, 0x11, 0));
    expect(given.settled(operation)).toEqual({ operation, packet: unsuback(1, 0x11, 0), error: undefined });
  });

  test('[3.1.1 MQTT-3.10.4-4, MQTT-3.10.4-5, MQTT-2.3.1-7] settles with the UNSUBACK of 3.1.1, which has no codes', () => {
    const given = dialogue().connected({ version: '3.1.1' });
    const operation = given.unsubscribe('a', 'b');
    given.receive(unsuback(2));
    expect(given.outcome(operation)).toBe('pending');
    given.receive(unsuback(1));
    expect(given.outcome(operation)).toBe('ok');
  });

  test('[5.0 MQTT-3.11.3-1] is answered with a reason code for each filter, in their order, or the connection ends', () => {
    const given = dialogue().connected();
    const operation = given.unsubscribe('a', 'b');
    given.receive(unsuback(1, 0, 0x87));
    expect(given.settled(operation)?.packet).toMatchObject({ reasonCodes: [0, 0x87] });
    given.unsubscribe('a', 'b');
    given.sent();
    given.receive(unsuback(2, 0));
    expect(given.said()).toEqual(['disconnect 0x82']);
  });

  test('without an answer is sent again when the session goes on, and has succeeded when it is new', () => {
    for (const sessionPresent of [true, false]) {
      const given = subscribed(dialogue().connected(), 'a');
      const operation = given.unsubscribe('a');
      given.sent();
      given.lost().connected({ sessionPresent });
      expect(given.said()).toEqual(sessionPresent ? ['unsubscribe 3 a'] : []);
      expect(given.outcome(operation)).toBe(sessionPresent ? 'pending' : 'ok');
    }
  });

  test('behind a SUBSCRIBE that has no answer either is sent after it, so that it has the last word', () => {
    const given = dialogue().connected();
    const [subscribe, unsubscribe] = [given.subscribe('a'), given.unsubscribe('a')];
    given.sent();
    given.lost().connected();
    expect(given.said()).toEqual(['subscribe 3 a', 'unsubscribe 4 a']);
    given.receive(suback(3, 0), unsuback(4, 0));
    expect([given.outcome(subscribe), given.outcome(unsubscribe)]).toEqual(['ok', 'ok']);
    given.lost().connected();
    expect(given.said()).toEqual([]);
  });

  test('[5.0 MQTT-3.10.4-3] [3.1.1 MQTT-3.10.4-3] lets messages that come after it be acknowledged', () => {
    for (const version of versions) {
      const given = subscribed(dialogue().connected({ version }), 'a');
      given.unsubscribe('a');
      given.receive(unsuback(2, ...(version === '5.0' ? [0] : [])), message({ topic: 'a', packetId: 3 }));
      given.sent();
      given.acknowledge(given.delivered()[0]);
      expect(given.said()).toEqual(['puback 3']);
    }
  });
});
