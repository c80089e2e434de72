import { describe, expect, test } from 'vitest';

import { dialogue } from './dialogue.ts';
import { nothing, puback, pubcomp, pubrec } from './packets.ts';

const versions = ['5.0', '3.1.1'] as const;

describe('a PUBREL that is sent again', () => {
  test('[5.0 MQTT-3.3.4-8] does not wait for a slot, even behind a PUBLISH that does', () => {
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
