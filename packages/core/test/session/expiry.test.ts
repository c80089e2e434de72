import { describe, expect, test } from 'vitest';

import { dialogue, START } from './dialogue.ts';
import { connack, puback, pubcomp, pubrec } from './packets.ts';

const expiring = (messageExpirySeconds: number) => ({ properties: { messageExpirySeconds } });

describe('the Message Expiry Interval', () => {
  test('[5.0 MQTT-4.3.3-7] does not end a message that was sent once', () => {
    for (const qos of [1, 2] as const) {
      const given = dialogue().connected();
      const publish = given.publish('a', { qos, ...expiring(1) });
      given.sent();
      given.lost().pass(5000).connected({ sessionPresent: true });
      expect(given.said()).toEqual(['publish 1 dup a']);
      expect(given.outcome(publish)).toBe('pending');
      given.receive(qos === 1 ? puback(1) : pubrec(1));
      given.pass(5000);
      if (qos === 2) given.receive(pubcomp(1));
      expect(given.outcome(publish)).toBe('ok');
    }
  });

  test('ends a message that waits, when its time has come and not before [parity E23]', () => {
    const given = dialogue();
    const publish = given.publish('a', expiring(10));
    expect(given.session.nextDeadline()).toBe(START + 10_000);
    given.persisted();
    given.pass(9999);
    expect(given.outcome(publish)).toBe('pending');
    given.pass(1);
    expect(given.outcome(publish)).toBe('message-expired');
    expect(given.persisted()).toEqual([{ type: 'remove', sequence: 1 }]);
    expect(given.session.counts).toMatchObject({ waitingMessages: 0, waitingBytes: 0 });
    given.connected();
    expect(given.said()).toEqual([]);
  });

  test('ends a message that waits behind others, on a connection as well', () => {
    const given = dialogue().connected({ properties: { receiveMaximum: 1 } });
    given.publish('a');
    const [late, early, last] = [
      given.publish('b', expiring(20)),
      given.publish('c', expiring(10)),
      given.publish('d'),
    ];
    given.pass(10_000);
    expect([late, early, last].map((publish) => given.outcome(publish))).toEqual([
      'pending',
      'message-expired',
      'pending',
    ]);
    given.receive(puback(1), puback(2));
    expect(given.said()).toEqual(['publish 1 a', 'publish 2 b', 'publish 3 d']);
  });

  test('is noticed before sending, even when the session was not woken in time', () => {
    const given = dialogue();
    const publish = given.publish('a', expiring(10));
    given.now += 60_000;
    given.connected();
    expect(given.said()).toEqual([]);
    expect(given.outcome(publish)).toBe('message-expired');
  });

  test('that is over by a clock that was set forward does not stand before the keep-alive', () => {
    const given = dialogue();
    const publish = given.publish('a', expiring(100));
    const timerIsSetTo = given.session.nextDeadline();
    given.now += 3_600_000;
    given.connect({ keepAliveSeconds: 60 });
    expect(given.outcome(publish)).toBe('message-expired');
    given.receive(connack());
    // A driver sets its timer again only when the deadline is another one; that timer counts on from where it was.
    expect(given.session.nextDeadline()).not.toBe(timerIsSetTo);
    expect(given.session.nextDeadline()).toBe(given.now + 59_000);
  });

  test('is lessened by the whole seconds that the message has waited', () => {
    const given = dialogue();
    given.publish('a', { properties: { messageExpirySeconds: 60, contentType: 'text' } });
    given.pass(12_300).connected();
    expect(given.sent()).toMatchObject([{ properties: { messageExpirySeconds: 48, contentType: 'text' } }]);
    given.pass(30_000).resumed();
    expect(given.sent()).toMatchObject([{ dup: true, properties: { messageExpirySeconds: 18 } }]);
    given.pass(90_000).resumed();
    expect(given.sent()).toMatchObject([{ dup: true, properties: { messageExpirySeconds: 1 } }]);
  });

  test('leaves as it was asked for when nothing waits', () => {
    const given = dialogue().connected();
    given.publish('a', expiring(60));
    given.publish('b', { qos: 0, ...expiring(60) });
    expect(given.sent()).toMatchObject([
      { properties: { messageExpirySeconds: 60 } },
      { properties: { messageExpirySeconds: 60 } },
    ]);
  });

  test('counts from the call, also across a restart of the process [parity E23]', () => {
    const message = {
      sequence: 1,
      stage: 'waiting',
      topic: 'a',
      payload: new Uint8Array(0),
      qos: 1,
      retain: false,
    } as const;
    const stored = { ...message, properties: { messageExpirySeconds: 60 } };
    const given = dialogue({
      restored: {
        messages: [
          { ...stored, expiresAt: START + 5000 },
          { ...stored, sequence: 2, expiresAt: START + 7000 },
        ],
        nextSequence: 3,
      },
    });
    given.pass(6000).connected();
    expect(given.sent()).toMatchObject([{ properties: { messageExpirySeconds: 1 } }]);
    expect(given.session.counts.waitingMessages).toBe(0);
  });

  test('of a message that does not wait any more wakes nobody, and is not kept', () => {
    const given = dialogue().connected({ properties: { receiveMaximum: 1 } });
    for (let count = 0; count < 100; count += 1) given.publish('a', expiring(3600));
    for (let count = 0; count < 100; count += 1) given.receive(puback(count + 1));
    expect(given.session.counts.inFlight).toBe(0);
    expect(given.session.nextDeadline()).toBe(Infinity);
  });
});
