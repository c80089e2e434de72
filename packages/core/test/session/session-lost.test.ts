import { describe, expect, test } from 'vitest';

import { dialogue } from './dialogue.ts';
import type { NewSession } from './new-session.ts';
import { puback, pubcomp, pubrec, refusal } from './packets.ts';

const versions = ['5.0', '3.1.1'] as const;

/** Sent: a (QoS 1), b (QoS 2), c (QoS 2, released), d (QoS 1). Waiting: e (QoS 1), f (QoS 2). */
function underWay(facts: NewSession = {}, version: '5.0' | '3.1.1' = '5.0') {
  const given = dialogue(facts).connected({ version });
  const publish = (topic: string, qos: 1 | 2) => given.publish(topic, { qos });
  const sent = [publish('a', 1), publish('b', 2), publish('c', 2), publish('d', 1)];
  given.receive(pubrec(3));
  given.lost();
  const waiting = [publish('e', 1), publish('f', 2)];
  given.sent();
  given.persisted();
  return { given, outcomes: () => [...sent, ...waiting].map((operation) => given.outcome(operation)) };
}

describe('a session that the server has lost', () => {
  test('[5.0 MQTT-3.2.2-5] sends messages of QoS 1 again as new ones, before what waited, and ends those of QoS 2 [parity E20, P3]', () => {
    const { given, outcomes } = underWay();
    given.connected();
    expect(given.said()).toEqual(['publish 5 a', 'publish 6 d', 'publish 7 e', 'publish 8 f']);
    expect(outcomes()).toEqual(['pending', 'session-lost', 'session-lost', 'pending', 'pending', 'pending']);
    expect(
      given.persisted().map((change) => ('sequence' in change ? `${change.type} ${change.sequence}` : change.type)),
    ).toEqual(['unsent 1', 'remove 2', 'unsent 4', 'remove 3', 'alive', 'sent 1', 'sent 4', 'sent 5', 'sent 6']);
    expect(given.session.counts).toMatchObject({ packetIds: 4, inFlight: 4, sendSlots: 4 });
  });

  test.each([
    { qos1: 'fail', qos2: 'fail', said: ['e', 'f'], ended: 4 },
    { qos1: 'republish', qos2: 'republish', said: ['a', 'b', 'd', 'e', 'f'], ended: 1 },
    { qos1: 'fail', qos2: 'republish', said: ['b', 'e', 'f'], ended: 3 },
  ] as const)(
    '[5.0 MQTT-3.2.2-5] [3.1.1 MQTT-3.2.2-3] follows the policy: QoS 1 $qos1, QoS 2 $qos2 [parity E20]',
    ({ qos1, qos2, said, ended }) => {
      for (const version of versions) {
        const { given, outcomes } = underWay({ whenLost: { qos1, qos2 } }, version);
        given.connected({ version });
        expect(given.said()).toEqual(said.map((topic, index) => `publish ${5 + index} ${topic}`));
        expect(outcomes().filter((outcome) => outcome === 'session-lost')).toHaveLength(ended);
      }
    },
  );

  test('[5.0 MQTT-3.1.2-4] [3.1.1 MQTT-3.1.2-6] by a clean start sends nothing again, and ends all that was under way', () => {
    for (const version of versions) {
      const { given, outcomes } = underWay({ whenLost: { qos1: 'republish', qos2: 'republish' } }, version);
      given.connected({ version, cleanStart: true });
      expect(given.said()).toEqual(['publish 5 e', 'publish 6 f']);
      const lost = 'session-lost';
      expect(outcomes()).toEqual([lost, lost, lost, lost, 'pending', 'pending']);
    }
  });

  test('does not know late answers to what it has ended', () => {
    const { given, outcomes } = underWay({ whenLost: { qos1: 'fail', qos2: 'fail' } });
    given.connected().receive(puback(1), pubcomp(3));
    expect(given.ending()).toBe('open');
    expect(outcomes().slice(4)).toEqual(['pending', 'pending']);
  });

  test('keeps the order when it is lost again and again', () => {
    const given = dialogue().connected();
    for (const topic of ['a', 'b', 'c']) given.publish(topic);
    for (let count = 0; count < 3; count += 1) {
      given.sent();
      given.lost().connected({ properties: { receiveMaximum: 2 } });
      expect(given.said().map((said) => said.at(-1))).toEqual(['a', 'b']);
    }
  });

  test('lets a message expire that begins anew', () => {
    const given = dialogue().connected();
    const publish = given.publish('a', { properties: { messageExpirySeconds: 5 } });
    given.sent();
    given.lost().pass(6000).connected();
    expect(given.said()).toEqual([]);
    expect(given.outcome(publish)).toBe('message-expired');
  });
});

describe('the session of the server', () => {
  test('[5.0 MQTT-3.2.2-4] that this side knows nothing of is refused', () => {
    const given = dialogue();
    given.publish('a');
    given.subscribe('b');
    const call = given.connect();
    given.sent();
    given.receive({ type: 'connack', sessionPresent: true, reasonCode: 0 });
    expect(given.said()).toEqual(['disconnect 0x82']);
    expect(given.outcome(call)).toBe('unknown-session');
    expect(given.ending()).toBe('unknown-session');
  });

  test('[5.0 MQTT-3.2.2-4] is known from CONNECT on, though the answer to it never came, in this process or the one before', () => {
    for (const isNewProcess of [false, true]) {
      const given = dialogue();
      given.subscribe('b');
      given.connect();
      given.publish('a');
      // What an unanswered CONNECT says of the session is durable before it leaves.
      expect(given.persisted()).toContainEqual({ type: 'alive', expirySeconds: 3600, aliveAt: given.now });
      given.sent();
      const next = isNewProcess ? dialogue({ restored: { exists: true } }) : given.lost();
      next.connected({ sessionPresent: true });
      expect(next.ending()).toBe('open');
      expect(next.said()).toEqual(isNewProcess ? [] : ['subscribe 1 b', 'publish 2 a']);
    }
  });

  test('[5.0 MQTT-3.2.2-4] that this side knows nothing of stays unknown, in the next process too', () => {
    const given = dialogue().connected({ sessionPresent: true });
    expect(given.ending()).toBe('unknown-session');
    expect(given.persisted().at(-1)).toEqual({ type: 'alive', expirySeconds: 0, aliveAt: given.now });
    given.resumed();
    expect(given.ending()).toBe('unknown-session');
  });

  test('[5.0 MQTT-3.2.2-4] is not begun by a CONNECT that was refused, and is begun by the next', () => {
    const refused = dialogue();
    refused.connect();
    refused.receive(refusal(0x89));
    refused.resumed();
    expect(refused.closed()?.error?.code).toBe('unknown-session');
    const given = dialogue();
    given.connect();
    given.receive(refusal(0x89));
    given.lost().persisted();
    given.connect();
    expect(given.persisted()).toMatchObject([{ type: 'alive', expirySeconds: 3600 }]);
    given.closed();
    given.resumed();
    expect(given.ending()).toBe('open');
  });

  test('[5.0 MQTT-3.2.2-4] is not begun by a CONNECT after one that has ended, since that one may still be there', () => {
    // The server may never have heard of its end, and may know packet ids that this side would use again.
    const given = dialogue({ restored: { exists: false } });
    given.connect();
    expect(given.persisted()).toEqual([]);
    given.resumed();
    expect(given.ending()).toBe('unknown-session');
  });

  test('may be adopted, when the client says so', () => {
    const given = dialogue({ adopt: true });
    given.publish('a');
    given.connected({ sessionPresent: true });
    expect(given.said()).toEqual(['publish 1 a']);
  });

  test('may be taken up in 3.1.1, which leaves it to the client', () => {
    const given = dialogue().connected({ version: '3.1.1', sessionPresent: true });
    expect(given.session.isConnected).toBe(true);
  });

  test('[5.0 MQTT-3.1.2-23] is kept by both after the connection when it has an expiry, and by neither without one', () => {
    for (const sessionExpirySeconds of [1, 300, 0xffff_ffff]) {
      const given = dialogue().connected({ request: { sessionExpirySeconds } });
      given.publish('a');
      given.sent();
      given.resumed();
      expect(given.said()).toEqual(['publish 1 dup a']);
    }
    for (const request of [{}, { sessionExpirySeconds: 0 }]) {
      const given = dialogue().connected({ request });
      given.publish('a');
      given.sent();
      given.resumed();
      expect(given.said()).toEqual(['disconnect 0x82']);
      expect(given.ending()).toBe('unknown-session');
    }
  });

  test('[5.0 MQTT-3.1.2-23] has the expiry that CONNACK gives it', () => {
    for (const [asked, granted] of [
      [300, 0],
      [0, 300],
    ] as const) {
      const given = dialogue().connected({
        request: { sessionExpirySeconds: asked },
        properties: { sessionExpirySeconds: granted },
      });
      expect(given.session.agreement?.expirySeconds).toBe(granted);
      expect(given.persisted()).toContainEqual({ type: 'alive', expirySeconds: granted, aliveAt: given.now });
      given.resumed();
      expect(given.ending()).toBe(granted === 0 ? 'unknown-session' : 'open');
    }
  });

  test('[3.1.1 MQTT-3.1.2-4, MQTT-3.1.2-6, MQTT-4.1.0-1] of 3.1.1 is kept without a clean session, and ends with its connection with one', () => {
    for (const cleanStart of [true, false]) {
      const given = dialogue().connected({ version: '3.1.1', cleanStart });
      expect(given.session.agreement?.expirySeconds).toBe(cleanStart ? 0 : 0xffff_ffff);
      const publish = given.publish('a', { qos: 2 });
      given.sent();
      given.lost().connected({ version: '3.1.1', cleanStart, sessionPresent: !cleanStart });
      expect(given.said()).toEqual(cleanStart ? [] : ['publish 1 dup a']);
      expect(given.outcome(publish)).toBe(cleanStart ? 'session-lost' : 'pending');
    }
  });

  test('[5.0 MQTT-4.1.0-1] [3.1.1 MQTT-4.1.0-2] is kept while the connection is open, whatever its expiry', () => {
    for (const version of versions) {
      const given = dialogue().connected({ version, request: {}, cleanStart: true });
      const publish = given.publish('a', { qos: 2 });
      given.pass(86_400_000).receive(pubrec(1));
      given.pass(86_400_000).receive(pubcomp(1));
      expect(given.outcome(publish)).toBe('ok');
    }
  });
});
