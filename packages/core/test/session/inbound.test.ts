import { describe, expect, test } from 'vitest';

import { type Dialogue, dialogue } from './dialogue.ts';
import { bytes, message, pubrel } from './packets.ts';

const versions = ['5.0', '3.1.1'] as const;

function topics(given: Dialogue): readonly string[] {
  return given.delivered().map((delivery) => delivery.message.topic);
}

function acknowledgeAll(given: Dialogue): void {
  for (const delivery of given.delivered()) given.acknowledge(delivery);
}

describe('an inbound message', () => {
  test.each([0, 1, 2] as const)(
    '[5.0 MQTT-3.3.4-1, MQTT-2.2.1-5, MQTT-4.3.2-4, MQTT-4.3.3-8] [3.1.1 MQTT-3.3.4-1, MQTT-2.3.1-6] of QoS %i is answered as its QoS demands, with its id, when the client has done with it',
    (qos) => {
      for (const version of versions) {
        const given = dialogue().connected({ version });
        given.receive(message({ qos, ...(qos > 0 && { packetId: 0xabcd }) }));
        expect(given.said()).toEqual([]);
        const [delivery] = given.delivered();
        expect(given.acknowledge(delivery)).toBe(qos > 0);
        expect(given.said()).toEqual([[], ['puback 43981'], ['pubrec 43981']][qos]);
        expect(given.acknowledge(delivery)).toBe(false);
        expect(given.said()).toEqual([]);
      }
    },
  );

  test('is delivered as it came', () => {
    const given = dialogue().connected();
    const packet = message({
      payload: bytes(1, 2),
      retain: true,
      dup: true,
      properties: { subscriptionIdentifiers: [3, 1, 3], messageExpirySeconds: 0, userProperties: [['a', 'b']] },
    });
    given.receive(packet);
    expect(given.delivered()[0]?.message).toEqual(packet);
  });

  test('[5.0 MQTT-2.2.1-4] [3.1.1 MQTT-2.3.1-4] may have the id of a packet of this side', () => {
    for (const version of versions) {
      const given = dialogue().connected({ version });
      const publish = given.publish('a');
      given.receive(message({ packetId: 1, topic: 'b' }));
      expect(topics(given)).toEqual(['b']);
      expect(given.outcome(publish)).toBe('pending');
    }
  });

  test('[5.0 MQTT-4.5.0-2, MQTT-3.3.2-3, MQTT-3.8.4-1, MQTT-3.10.4-3] [3.1.1 MQTT-4.5.0-2, MQTT-3.3.2-3, MQTT-3.10.4-3] is delivered and acknowledged, subscribed to or not', () => {
    for (const version of versions) {
      const given = dialogue().connected({ version });
      given.receive(message({ topic: 'never asked for' }));
      given.subscribe('early');
      given.receive(message({ topic: 'early', packetId: 2 }));
      given.sent();
      acknowledgeAll(given);
      expect(given.said()).toEqual(['puback 1', 'puback 2']);
    }
  });

  test('[5.0 MQTT-4.8.2-6] can be refused with a reason', () => {
    const given = dialogue().connected();
    given.receive(message({ packetId: 1 }), message({ packetId: 2, qos: 2 }));
    for (const delivery of given.delivered()) {
      given.acknowledge(delivery, { reasonCode: 0x99, properties: { reasonString: 'no' } });
    }
    const answer = { reasonCode: 0x99, properties: { reasonString: 'no' } };
    expect(given.sent()).toEqual([
      { type: 'puback', packetId: 1, ...answer },
      { type: 'pubrec', packetId: 2, ...answer },
    ]);
  });
});

describe('an inbound message of QoS 1', () => {
  test('[5.0 MQTT-4.3.2-5] [3.1.1 MQTT-4.3.2-2] is a new one after its PUBACK, whatever DUP says', () => {
    for (const version of versions) {
      const given = dialogue().connected({ version });
      for (const dup of [false, true, true]) {
        given.receive(message({ packetId: 5, dup }));
        const deliveries = given.delivered();
        expect(deliveries).toHaveLength(1);
        given.acknowledge(deliveries[0]);
        expect(given.said()).toEqual(['puback 5']);
      }
    }
  });

  test('of an old connection can be acknowledged without harm: the server sends it again', () => {
    const given = dialogue()
      .connected()
      .receive(message({ packetId: 5 }));
    const [old] = given.delivered();
    given.resumed().receive(message({ packetId: 5, dup: true }));
    expect(given.acknowledge(old)).toBe(false);
    expect(given.said()).toEqual([]);
    acknowledgeAll(given);
    expect(given.said()).toEqual(['puback 5']);
  });
});

describe('an inbound message of QoS 2', () => {
  test('[5.0 MQTT-4.3.3-10] [3.1.1 MQTT-4.3.3-2] is delivered once and acknowledged again, however often it is repeated [parity E27]', () => {
    for (const version of versions) {
      const given = dialogue().connected({ version });
      given.receive(message({ qos: 2, packetId: 7 }));
      acknowledgeAll(given);
      given.sent();
      for (const dup of [true, false, true]) {
        given.receive(message({ qos: 2, packetId: 7, dup }));
        expect(given.said()).toEqual(['pubrec 7']);
      }
      given.resumed({ version }).receive(message({ qos: 2, packetId: 7, dup: true }));
      expect(given.said()).toEqual(['pubrec 7']);
      expect(given.delivered()).toEqual([]);
    }
  });

  test('[5.0 MQTT-4.3.3-10] [3.1.1 MQTT-4.3.3-2] that is repeated while it is worked on is delivered once', () => {
    for (const version of versions) {
      const given = dialogue().connected({ version });
      given.receive(message({ qos: 2, packetId: 7 }), message({ qos: 2, packetId: 7, dup: true }));
      const deliveries = given.delivered();
      expect(deliveries).toHaveLength(1);
      expect(given.said()).toEqual([]);
      given.acknowledge(deliveries[0]);
      expect(given.said()).toEqual(['pubrec 7']);
    }
  });

  test('[5.0 MQTT-4.3.3-10] [3.1.1 MQTT-4.3.3-2] that is repeated on a new connection while it is worked on is delivered once', () => {
    for (const version of versions) {
      const given = dialogue().connected({ version });
      given.receive(message({ qos: 2, packetId: 7 }));
      const [delivery] = given.delivered();
      given.resumed({ version }).receive(message({ qos: 2, packetId: 7, dup: true }));
      expect(given.delivered()).toEqual([]);
      expect(given.said()).toEqual([]);
      expect(given.acknowledge(delivery)).toBe(true);
      expect(given.said()).toEqual(['pubrec 7']);
    }
  });

  test('[5.0 MQTT-4.3.3-10] [3.1.1 MQTT-4.3.3-2] that was worked off without a connection is not delivered again', () => {
    for (const version of versions) {
      const given = dialogue().connected({ version });
      given.receive(message({ qos: 2, packetId: 7 }));
      const [delivery] = given.delivered();
      given.lost();
      expect(given.acknowledge(delivery)).toBe(true);
      expect(given.persisted()).toContainEqual({ type: 'received', packetId: 7 });
      given.connected({ version, sessionPresent: true }).receive(message({ qos: 2, packetId: 7, dup: true }));
      expect(given.delivered()).toEqual([]);
      expect(given.said()).toEqual(['pubrec 7']);
    }
  });

  test('[5.0 MQTT-4.3.3-8] [3.1.1 MQTT-4.3.3-2] is recorded in the batch of its PUBREC, and forgotten in that of PUBCOMP [parity E27]', () => {
    for (const version of versions) {
      const given = dialogue().connected({ version });
      given.persisted();
      given.receive(message({ qos: 2, packetId: 7 }));
      expect(given.persisted()).toEqual([]);
      acknowledgeAll(given);
      expect(given.persisted()).toEqual([{ type: 'received', packetId: 7 }]);
      given.receive(pubrel(7));
      expect(given.persisted()).toEqual([{ type: 'forget', packetId: 7 }]);
      expect(given.session.counts).toMatchObject({ receivedIds: 0, handled: 0 });
    }
  });

  test('[5.0 MQTT-4.3.3-11, MQTT-2.2.1-5] is finished by PUBCOMP, known or not [parity E19, P17]', () => {
    const given = dialogue().connected();
    given.receive(message({ qos: 2, packetId: 7 }));
    acknowledgeAll(given);
    given.receive(pubrel(7), pubrel(7), pubrel(8));
    expect(given.said()).toEqual(['pubrec 7', 'pubcomp 7', 'pubcomp 7 0x92', 'pubcomp 8 0x92']);
  });

  test('[3.1.1 MQTT-4.3.3-2, MQTT-2.3.1-6] is finished by PUBCOMP in 3.1.1, known or not', () => {
    const given = dialogue().connected({ version: '3.1.1' });
    given.receive(message({ qos: 2, packetId: 7 }));
    acknowledgeAll(given);
    given.receive(pubrel(7), pubrel(8));
    expect(given.said()).toEqual(['pubrec 7', 'pubcomp 7', 'pubcomp 8']);
  });

  test('[5.0 MQTT-4.3.3-11, MQTT-4.3.3-13] is finished after a resumption, although it has expired', () => {
    const given = dialogue().connected();
    given.receive(message({ qos: 2, packetId: 7, properties: { messageExpirySeconds: 1 } })).pass(5000);
    acknowledgeAll(given);
    given.resumed().pass(5000).receive(pubrel(7));
    expect(given.said()).toEqual(['pubcomp 7']);
  });

  test('[5.0 MQTT-4.3.3-12] [3.1.1 MQTT-4.3.3-2] is a new one after its PUBCOMP', () => {
    for (const version of versions) {
      const given = dialogue().connected({ version });
      for (const topic of ['one', 'two']) {
        given.receive(message({ qos: 2, packetId: 7, topic, dup: true }));
        const deliveries = given.delivered();
        expect(deliveries).toMatchObject([{ message: { topic } }]);
        given.acknowledge(deliveries[0]);
        given.receive(pubrel(7));
      }
    }
  });

  test('[5.0 MQTT-4.3.3-9] is a new one after a PUBREC that refused it', () => {
    const given = dialogue().connected();
    given.receive(message({ qos: 2, packetId: 7 }));
    given.acknowledge(given.delivered()[0], { reasonCode: 0x87 });
    given.receive(message({ qos: 2, packetId: 7, topic: 'new' }));
    expect(topics(given)).toEqual(['new']);
    expect(given.said()).toEqual(['pubrec 7 0x87']);
  });
});

describe('a message that cannot be processed in 3.1.1', () => {
  test('[3.1.1 MQTT-4.3.3-2, MQTT-4.5.0-2] is acknowledged all the same, since 3.1.1 cannot say no, and comes no second time', () => {
    const given = dialogue().connected({ version: '3.1.1' });
    given.receive(message({ qos: 2, packetId: 9 }), message({ qos: 1, packetId: 8 }));
    for (const delivery of given.delivered()) {
      given.acknowledge(delivery, { reasonCode: 0x83, properties: { reasonString: 'no' } });
    }
    expect(given.said()).toEqual(['pubrec 9', 'puback 8']);
    given.resumed({ version: '3.1.1' }).receive(message({ qos: 2, packetId: 9, dup: true }));
    expect(topics(given)).toEqual([]);
    expect(given.said()).toEqual(['pubrec 9']);
  });
});

describe('a new session', () => {
  test('[5.0 MQTT-3.2.2-5] [3.1.1 MQTT-3.1.2-6] knows none of the ids of the old one [parity E27, B20]', () => {
    for (const version of versions) {
      const given = dialogue().connected({ version });
      given.receive(message({ qos: 2, packetId: 7 }), message({ qos: 2, packetId: 8 }));
      const [first, second] = given.delivered();
      given.acknowledge(first);
      given.persisted();
      given.lost().connected({ version, cleanStart: version === '3.1.1' });
      expect(given.persisted()).toContainEqual({ type: 'forget-all' });
      given.receive(message({ qos: 2, packetId: 7, topic: 'new' }), message({ qos: 2, packetId: 8, topic: 'newer' }));
      expect(topics(given)).toEqual(['new', 'newer']);
      expect(given.acknowledge(second)).toBe(false);
      expect(given.said()).toEqual([]);
    }
  });
});
