import { describe, expect, test } from 'vitest';

import { dialogue } from './dialogue.ts';
import { bytes, puback, pubcomp, pubrec } from './packets.ts';

const versions = ['5.0', '3.1.1'] as const;

describe('a message of QoS 0', () => {
  test('[5.0 MQTT-3.3.4-1] [3.1.1 MQTT-3.3.4-1] leaves at once, without an id, and is done with', () => {
    for (const version of versions) {
      const given = dialogue().connected({ version });
      const publish = given.publish('a', { qos: 0, payload: bytes(1), retain: true });
      const facts = { topic: 'a', payload: bytes(1), qos: 0, retain: true, dup: false };
      expect(given.sent()).toEqual([{ type: 'publish', ...facts }]);
      expect(given.outcome(publish)).toBe('ok');
      expect(given.session.counts).toMatchObject({ inFlight: 0, packetIds: 0, sendSlots: 0 });
    }
  });
});

describe('a message of QoS 1', () => {
  test('[5.0 MQTT-4.3.2-1, MQTT-4.3.2-2] [3.1.1 MQTT-4.3.2-1] leaves with an id of its own and without DUP, at once or later', () => {
    for (const version of versions) {
      const given = dialogue();
      given.publish('early', { payload: bytes(1), retain: true });
      given.connected({ version });
      given.publish('late');
      const facts = { type: 'publish', qos: 1, dup: false };
      expect(given.sent()).toMatchObject([
        { ...facts, packetId: 1, topic: 'early', payload: bytes(1), retain: true },
        { ...facts, packetId: 2, topic: 'late', retain: false },
      ]);
    }
  });

  test('[5.0 MQTT-4.3.2-3] [3.1.1 MQTT-4.3.2-1] is unfinished, and stored, until the PUBACK with its id', () => {
    for (const version of versions) {
      const given = dialogue().connected({ version });
      given.persisted();
      const [first, second] = [given.publish('a'), given.publish('b')];
      expect(given.persisted().map(({ type }) => type)).toEqual(['put', 'sent', 'put', 'sent']);
      given.receive(puback(3)).pass(60_000);
      expect([given.outcome(first), given.outcome(second)]).toEqual(['pending', 'pending']);
      expect(given.persisted()).toEqual([]);
      given.receive(puback(2));
      expect([given.outcome(first), given.outcome(second)]).toEqual(['pending', 'ok']);
      expect(given.persisted()).toEqual([{ type: 'remove', sequence: 2 }]);
      given.receive(puback(2));
      expect(given.ending()).toBe('open');
    }
  });

  test('[5.0 MQTT-4.3.2-3] [3.1.1 MQTT-4.3.2-1] is not finished by PUBREC or PUBCOMP, which are protocol errors', () => {
    for (const version of versions) {
      for (const answer of [pubrec(1), pubcomp(1)]) {
        const given = dialogue().connected({ version });
        const publish = given.publish('a');
        given.sent();
        given.receive(answer);
        expect(given.said()).toEqual(version === '5.0' ? ['disconnect 0x82'] : []);
        expect(given.ending()).toBe('protocol-error');
        expect(given.outcome(publish)).toBe('pending');
        given.resumed({ version });
        expect(given.said()).toEqual(['publish 1 dup a']);
      }
    }
  });

  test('settles with the PUBACK, so that 0x10 can be seen', () => {
    const given = dialogue().connected();
    const publish = given.publish('a');
    given.receive(puback(1, 0x10));
    expect(given.settled(publish)).toEqual({ operation: publish, packet: puback(1, 0x10), error: undefined });
  });

  test('[5.0 MQTT-4.4.0-2] that the server refuses is finished: an error, and nothing is sent again', () => {
    const given = dialogue().connected();
    const publish = given.publish('a');
    given.persisted();
    given.receive(puback(1, 0x97, { reasonString: 'full', userProperties: [['a', 'b']] }));
    const error = { code: 'publish-refused', topic: 'a', reasonCode: 0x97, reasonString: 'full' };
    expect(given.settled(publish)?.error).toMatchObject({ ...error, userProperties: [['a', 'b']] });
    expect(given.persisted()).toEqual([{ type: 'remove', sequence: 1 }]);
    expect(given.session.counts).toMatchObject({ inFlight: 0, packetIds: 0, sendSlots: 0 });
    given.sent();
    given.resumed();
    expect(given.said()).toEqual([]);
  });

  test('[5.0 MQTT-3.3.1-3] [3.1.1 MQTT-3.3.1-3] never has DUP because a received one had it', () => {
    for (const version of versions) {
      const given = dialogue().connected({ version });
      given.receive({ type: 'publish', topic: 'in', payload: bytes(1), qos: 1, retain: false, dup: true, packetId: 5 });
      const [delivery] = given.delivered();
      const { type: _, packetId: __, ...received } = delivery?.message ?? { type: '' };
      given.act((operation) => {
        const command = { topic: 'out', payload: bytes(1), qos: 1, retain: false, ...received } as const;
        given.session.publish({ ...command, operation, alias: 'never' }, given.now);
      });
      expect(given.sent()).toMatchObject([{ type: 'publish', topic: 'in', dup: false }]);
    }
  });

  test('[5.0 MQTT-4.4.0-1] is never sent twice on one connection, however long the server is silent [parity E16]', () => {
    for (const qos of [1, 2] as const) {
      const given = dialogue().connected({ keepAliveSeconds: 60 });
      given.publish('a', { qos });
      expect(given.said()).toHaveLength(1);
      for (let minute = 0; minute < 60; minute += 1) given.pass(60_000).receive({ type: 'pingresp' });
      expect(new Set(given.said())).toEqual(new Set(['pingreq']));
    }
  });
});

describe('cancelling a message', () => {
  test('that waits takes it back', () => {
    const given = dialogue();
    const publish = given.publish('a');
    given.persisted();
    given.cancel(publish);
    expect(given.outcome(publish)).toBe('given-up');
    expect(given.persisted()).toEqual([{ type: 'remove', sequence: 1 }]);
    given.connected();
    expect(given.said()).toEqual([]);
  });

  test('that was sent keeps its id and its slot until the server has answered, and a late answer does no harm [parity Z14, Z15, E17, E18, B25]', () => {
    for (const qos of [1, 2] as const) {
      const given = dialogue().connected({ properties: { receiveMaximum: 1 } });
      const publish = given.publish('a', { qos });
      given.publish('b');
      given.cancel(publish);
      expect(given.outcome(publish)).toBe('given-up');
      expect(given.session.counts).toMatchObject({ inFlight: 1, packetIds: 1, sendSlots: 1 });
      expect(given.said()).toEqual(['publish 1 a']);
      given.receive(...(qos === 1 ? [puback(1)] : [pubrec(1), pubcomp(1)]));
      expect(given.said().at(-1)).toBe('publish 2 b');
    }
  });
});
