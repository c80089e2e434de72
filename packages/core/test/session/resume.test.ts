import { describe, expect, test } from 'vitest';

import { dialogue } from './dialogue.ts';
import { bytes, nothing, puback, pubcomp, pubrec, refusal } from './packets.ts';

const versions = ['5.0', '3.1.1'] as const;

describe('a session that goes on', () => {
  test('[5.0 MQTT-4.4.0-1, MQTT-3.3.1-1, MQTT-4.6.0-1] [3.1.1 MQTT-4.4.0-1, MQTT-3.3.1-1, MQTT-2.3.1-3, MQTT-4.6.0-1, MQTT-3.1.2-4] sends again what was under way, with its id and DUP, in the order of the first time and before all that waits [parity Z13, E16, P3]', () => {
    for (const version of versions) {
      const given = dialogue().connected({ version });
      given.publish('a', { qos: 2, payload: bytes(1), retain: true });
      given.publish('b', { payload: bytes(2) });
      given.publish('c', { qos: 2 });
      const first = given.sent();
      given.lost();
      given.publish('d');
      given.connected({ version, sessionPresent: true });
      const again = given.sent();
      expect(again.slice(0, 3)).toEqual(first.map((packet) => ({ ...packet, dup: true })));
      expect(again.slice(3)).toMatchObject([{ topic: 'd', dup: false, packetId: 4 }]);
    }
  });

  test('[5.0 MQTT-4.6.0-1] [3.1.1 MQTT-4.6.0-1] keeps the order of sending over the wrap of the ids, mixed QoS and gaps [parity E16, P18]', () => {
    for (const version of versions) {
      const given = dialogue({ persists: false }).connected({ version });
      for (let id = 1; id <= 65_532; id += 1) {
        given.publish('x');
        given.receive(puback(id));
      }
      for (const [index, topic] of ['a', 'b', 'c', 'd', 'e', 'f'].entries()) {
        given.publish(topic, { qos: index % 2 === 0 ? 1 : 2 });
      }
      given.receive(puback(65_535));
      given.sent();
      for (let count = 0; count < 2; count += 1) {
        given.resumed({ version });
        expect(given.said()).toEqual([
          'publish 65533 dup a',
          'publish 65534 dup b',
          'publish 1 dup d',
          'publish 2 dup e',
          'publish 3 dup f',
        ]);
      }
    }
  });

  test('[5.0 MQTT-4.4.0-1] sends again all that the window lets through at once, without waiting for answers [parity P4]', () => {
    const given = dialogue().connected();
    for (let count = 0; count < 100; count += 1) given.publish('a', { qos: 2 });
    given.sent();
    given.resumed();
    expect(given.said()).toHaveLength(100);
  });

  test('makes new messages wait behind those that are sent again', () => {
    const given = dialogue().connected();
    for (const topic of ['a', 'b']) given.publish(topic);
    given.sent();
    given.resumed({ properties: { receiveMaximum: 1 } });
    given.publish('new');
    expect(given.said()).toEqual(['publish 1 dup a']);
    given.receive(puback(1), puback(2));
    expect(given.said()).toEqual(['publish 2 dup b', 'publish 3 new']);
  });

  test('does not send again what was answered before its turn came', () => {
    const given = dialogue().connected();
    for (const topic of ['a', 'b', 'c']) given.publish(topic);
    given.sent();
    given.resumed({ properties: { receiveMaximum: 1 } });
    given.receive(puback(2), puback(1));
    expect(given.said()).toEqual(['publish 1 dup a', 'publish 3 dup c']);
    expect(given.session.counts.sendSlots).toBe(1);
  });

  test('[5.0 MQTT-4.4.0-1] sends nothing again before CONNACK has told that the session is there', () => {
    const given = dialogue().connected();
    given.publish('a');
    given.sent();
    given.lost().connect();
    given.pass(60_000);
    expect(given.said()).toEqual(['connect']);
  });

  test('goes on after failed attempts to connect', () => {
    const given = dialogue().connected();
    given.publish('a');
    given.sent();
    given.lost().connect();
    given.lost().connect();
    given.receive(refusal(0x88));
    given.sent();
    given.resumed();
    expect(given.said()).toEqual(['publish 1 dup a']);
  });
});

describe('a PUBREL that is sent again', () => {
  test('[5.0 MQTT-3.3.4-8] does not wait for a slot, even behind a PUBLISH that does [parity E17]', () => {
    const given = dialogue().connected();
    given.publish('a');
    given.publish('b', { qos: 2 });
    given.publish('c', { qos: 2 });
    given.receive(pubrec(3));
    given.sent();
    given.resumed({ properties: { receiveMaximum: 1 } });
    expect(given.said()).toEqual(['pubrel 3']);
    given.receive(pubcomp(3));
    expect(given.said()).toEqual(['publish 1 dup a']);
    given.receive(puback(1));
    expect(given.said()).toEqual(['publish 2 dup b']);
  });

  test('[5.0 MQTT-4.6.0-4] [3.1.1 MQTT-4.6.0-4] keeps the order in which the PUBRECs came', () => {
    for (const version of versions) {
      const given = dialogue().connected({ version });
      for (const topic of ['a', 'b', 'c']) given.publish(topic, { qos: 2 });
      given.sent();
      given.receive(pubrec(3), pubrec(1), pubrec(3), pubrec(2));
      expect(given.said()).toEqual(['pubrel 3', 'pubrel 1', 'pubrel 3', 'pubrel 2']);
      given.resumed({ version });
      expect(given.said()).toEqual(['pubrel 3', 'pubrel 1', 'pubrel 2']);
    }
  });
});

describe('a PUBLISH that never left', () => {
  test('[5.0 MQTT-3.3.1-1, MQTT-4.3.2-2, MQTT-4.3.3-2] [3.1.1 MQTT-3.3.1-1, MQTT-4.3.2-1, MQTT-4.3.3-1] because the connection was lost in the same turn leaves without DUP', () => {
    for (const version of versions) {
      const given = dialogue().connected({ version });
      given.publish('sent');
      given.sent();
      given.act(() => {
        for (const [topic, qos] of [
          ['a', 2],
          ['b', 1],
        ] as const) {
          const message = {
            operation: given.operation(),
            topic,
            payload: nothing,
            qos,
            retain: false,
            alias: 'never',
          } as const;
          given.session.publish(message, given.now);
        }
        given.session.connectionLost(undefined, given.now);
      });
      expect(given.session.counts).toMatchObject({ waitingMessages: 2, inFlight: 1 });
      given.publish('c');
      given.resumed({ version });
      const order = ['sent', 'a', 'b', 'c'];
      const packets = given.sent();
      expect(packets.map((packet) => packet.type === 'publish' && packet.topic)).toEqual(order);
      expect(packets.map((packet) => packet.type === 'publish' && packet.dup)).toEqual([true, false, false, false]);
    }
  });

  test('is not lost with the session', () => {
    const given = dialogue().connected();
    const operation = given.operation();
    given.act(() => {
      const message = { operation, topic: 'a', payload: nothing, qos: 2, retain: false, alias: 'never' } as const;
      given.session.publish(message, given.now);
      given.session.connectionLost(undefined, given.now);
    });
    expect(given.persisted()).toContainEqual({ type: 'unsent', sequence: 1 });
    given.lost().connected();
    expect(given.outcome(operation)).toBe('pending');
    expect(given.said()).toMatchObject([expect.stringMatching(/^publish \d+ a$/)]);
  });
});
