import { describe, expect, test } from 'vitest';

import { dialogue } from './dialogue.ts';
import { puback, pubcomp, pubrec } from './packets.ts';

const versions = ['5.0', '3.1.1'] as const;

describe('a message of QoS 2', () => {
  test('[5.0 MQTT-4.3.3-1, MQTT-4.3.3-2, MQTT-4.3.3-4, MQTT-2.2.1-5] [3.1.1 MQTT-4.3.3-1, MQTT-2.3.1-6] goes from PUBLISH over PUBREC and PUBREL to PUBCOMP, with one id and without DUP', () => {
    for (const version of versions) {
      const given = dialogue().connected({ version });
      given.persisted();
      const publish = given.publish('a', { qos: 2 });
      expect(given.sent()).toMatchObject([{ type: 'publish', qos: 2, packetId: 1, dup: false }]);
      given.receive(pubrec(1));
      expect(given.sent()).toEqual([{ type: 'pubrel', packetId: 1, reasonCode: 0 }]);
      expect(given.outcome(publish)).toBe('pending');
      given.receive(pubcomp(1));
      expect(given.settled(publish)).toEqual({ operation: publish, packet: pubcomp(1), error: undefined });
      expect(given.persisted().map(({ type }) => type)).toEqual(['put', 'sent', 'released', 'remove']);
      expect(given.session.counts).toMatchObject({ inFlight: 0, packetIds: 0, sendSlots: 0 });
    }
  });

  test('[5.0 MQTT-4.3.3-4] is released by PUBREC 0x10, which is a success', () => {
    const given = dialogue().connected();
    const publish = given.publish('a', { qos: 2 });
    given.receive(pubrec(1, 0x10), pubcomp(1));
    expect(given.said()).toEqual(['publish 1 a', 'pubrel 1']);
    expect(given.settled(publish)).toMatchObject({ packet: { reasonCode: 0x10 }, error: undefined });
  });

  test('ends with what PUBREC said of it, on whatever connection PUBCOMP comes', () => {
    const given = dialogue().connected();
    const publish = given.publish('a', { qos: 2 });
    given.receive(pubrec(1, 0x10, { reasonString: 'nobody' }));
    given.resumed();
    given.receive(pubcomp(1, 0x92));
    expect(given.settled(publish)).toMatchObject({
      packet: { reasonCode: 0x10, properties: { reasonString: 'nobody' } },
      error: undefined,
    });
  });

  test('[5.0 MQTT-4.3.3-4, MQTT-4.4.0-2] is ended by a PUBREC that refuses it: no PUBREL, the id is free, nothing is sent again [parity Z12, B24]', () => {
    const given = dialogue().connected();
    const publish = given.publish('a', { qos: 2 });
    given.persisted();
    given.receive(pubrec(1, 0x87, { reasonString: 'no' }));
    expect(given.said()).toEqual(['publish 1 a']);
    expect(given.settled(publish)?.error).toMatchObject({
      code: 'publish-refused',
      reasonCode: 0x87,
      reasonString: 'no',
    });
    expect(given.persisted()).toEqual([{ type: 'remove', sequence: 1 }]);
    expect(given.session.counts).toMatchObject({ inFlight: 0, packetIds: 0, sendSlots: 0 });
    given.resumed();
    expect(given.said()).toEqual([]);
  });

  test('[5.0 MQTT-4.3.3-3] [3.1.1 MQTT-4.3.3-1] without a PUBREC is sent again with DUP', () => {
    for (const version of versions) {
      const given = dialogue().connected({ version });
      given.publish('a', { qos: 2 });
      given.sent();
      given.resumed({ version });
      expect(given.said()).toEqual(['publish 1 dup a']);
    }
  });

  test('[5.0 MQTT-4.3.3-5, MQTT-4.3.3-6] [3.1.1 MQTT-4.3.3-1, MQTT-2.3.1-3] after PUBREC is only released again, on every connection until PUBCOMP, and keeps its id [parity E16]', () => {
    for (const version of versions) {
      const given = dialogue().connected({ version });
      const publish = given.publish('a', { qos: 2 });
      given.receive(pubrec(1));
      given.sent();
      for (let count = 0; count < 3; count += 1) {
        given.resumed({ version });
        expect(given.said()).toEqual(['pubrel 1']);
        expect(given.session.counts).toMatchObject({ packetIds: 1, sendSlots: 1 });
      }
      given.receive(pubcomp(1));
      expect(given.outcome(publish)).toBe('ok');
      given.resumed({ version });
      expect(given.said()).toEqual([]);
    }
  });

  test('[5.0 MQTT-4.3.3-6] [3.1.1 MQTT-4.3.3-1] after PUBREC is stored as released before PUBREL leaves', () => {
    for (const version of versions) {
      const given = dialogue().connected({ version });
      given.publish('a', { qos: 2 });
      given.persisted();
      given.receive(pubrec(1), pubrec(1));
      expect(given.persisted()).toEqual([{ type: 'released', sequence: 1 }]);
      expect(given.said().slice(1)).toEqual(['pubrel 1', 'pubrel 1']);
    }
  });

  test('has arrived when PUBCOMP says that the id is not known any more', () => {
    const given = dialogue().connected();
    const publish = given.publish('a', { qos: 2 });
    given.receive(pubrec(1));
    given.resumed().receive(pubcomp(1, 0x92));
    expect(given.outcome(publish)).toBe('ok');
  });

  test('is not finished by PUBACK, nor by PUBCOMP before PUBREC: those are protocol errors', () => {
    for (const answer of [puback(1), pubcomp(1)]) {
      const given = dialogue().connected();
      const publish = given.publish('a', { qos: 2 });
      given.sent();
      given.receive(answer);
      expect(given.said()).toEqual(['disconnect 0x82']);
      expect(given.outcome(publish)).toBe('pending');
    }
  });
});

describe('an answer that nobody waits for', () => {
  test('is answered with 0x92 when it is PUBREC [parity E19, P17]', () => {
    const given = dialogue().connected();
    given.receive(pubrec(9), pubrec(10, 0x87), puback(11), pubcomp(12));
    expect(given.said()).toEqual(['pubrel 9 0x92']);
    expect(given.ending()).toBe('open');
  });

  test('is answered without a reason in 3.1.1', () => {
    const given = dialogue().connected({ version: '3.1.1' });
    given.receive(pubrec(9), puback(11), pubcomp(12));
    expect(given.said()).toEqual(['pubrel 9']);
    expect(given.ending()).toBe('open');
  });
});
