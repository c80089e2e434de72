import type { Packet } from '@omqtt/codec';
import type { StoredMessage } from '@omqtt/contracts/session-store';
import { describe, expect, test } from 'vitest';

import { dialogue, START } from './dialogue.ts';
import { restarted } from './kept-session.ts';
import { bytes, message, puback, pubcomp, pubrec, pubrel } from './packets.ts';

const versions = ['5.0', '3.1.1'] as const;

function stored(sequence: number, facts: Partial<StoredMessage>): StoredMessage {
  return { sequence, stage: 'waiting', topic: `t${sequence}`, payload: bytes(1), qos: 1, retain: false, ...facts };
}

function isAgain(packet: Packet): boolean {
  return packet.type === 'pubrel' || (packet.type === 'publish' && packet.dup);
}

describe('a session that a store kept', () => {
  test('[5.0 MQTT-3.3.1-1, MQTT-4.3.3-6] [3.1.1 MQTT-3.3.1-1, MQTT-3.1.2-4, MQTT-4.1.0-1] goes on where it was: sent again with id and DUP, released again, or sent for the first time [parity E16]', () => {
    for (const version of versions) {
      const messages = [
        stored(1, { stage: 'sent', packetId: 40 }),
        stored(2, { stage: 'released', packetId: 7, qos: 2 }),
        stored(3, { stage: 'sent', packetId: 6, qos: 2, retain: true }),
        stored(5, {}),
      ];
      const given = dialogue({ restored: { messages, nextSequence: 6 } });
      expect(given.session.counts).toMatchObject({ inFlight: 3, waitingMessages: 1, packetIds: 3 });
      given.connected({ version, sessionPresent: true });
      expect(given.said()).toEqual(['pubrel 7', 'publish 40 dup t1', 'publish 6 dup t3', 'publish 1 t5']);
      given.persisted();
      given.receive(puback(40), pubrec(6), pubcomp(6), pubcomp(7), puback(1));
      expect(given.session.counts).toMatchObject({ inFlight: 0, packetIds: 0, sendSlots: 0 });
      expect(given.persisted()).toMatchObject([
        { type: 'remove', sequence: 1 },
        { type: 'released', sequence: 3 },
        { type: 'remove', sequence: 3 },
        { type: 'remove', sequence: 2 },
        { type: 'remove', sequence: 5 },
      ]);
    }
  });

  test('passes over the ids that are on their way', () => {
    const restored = { messages: [stored(1, { stage: 'sent', packetId: 1 })], nextSequence: 2 };
    const given = dialogue({ restored }).connected({ sessionPresent: true });
    given.publish('new');
    expect(given.said()).toEqual(['publish 1 dup t1', 'publish 2 new']);
    expect(given.persisted()).toContainEqual({ type: 'sent', sequence: 2, packetId: 2 });
  });

  test('[5.0 MQTT-4.3.3-10] [3.1.1 MQTT-4.3.3-2] knows the messages of QoS 2 that it has delivered [parity E27]', () => {
    for (const version of versions) {
      const given = dialogue({ restored: { inboundIds: [7, 8] } }).connected({ version, sessionPresent: true });
      given.receive(message({ qos: 2, packetId: 7, dup: true }), pubrel(8), message({ qos: 2, packetId: 8 }));
      expect(given.said()).toEqual(['pubrec 7', 'pubcomp 8']);
      expect(given.delivered()).toMatchObject([{ message: { packetId: 8 } }]);
    }
  });

  test('[5.0 MQTT-3.1.2-4] [3.1.1 MQTT-3.1.2-6] is dropped by a clean start: nothing is sent again, and no id is known', () => {
    for (const version of versions) {
      const messages = [
        stored(1, { stage: 'sent', packetId: 1 }),
        stored(2, { stage: 'released', packetId: 2, qos: 2 }),
      ];
      const given = dialogue({ restored: { messages, inboundIds: [7], nextSequence: 3 } });
      given.connected({ version, cleanStart: true });
      expect(given.said()).toEqual([]);
      given.receive(message({ qos: 2, packetId: 7, dup: true }));
      expect(given.delivered()).toHaveLength(1);
      expect(given.persisted().slice(0, 3)).toEqual([
        { type: 'forget-all' },
        { type: 'remove', sequence: 1 },
        { type: 'remove', sequence: 2 },
      ]);
    }
  });

  test('[5.0 MQTT-4.6.0-3] [3.1.1 MQTT-4.6.0-3] sends PUBREC in the order of the messages, whichever of them it had taken over before', () => {
    for (const version of versions) {
      const given = dialogue().connected({ version });
      given.receive(message({ qos: 2, packetId: 7 }), message({ qos: 2, packetId: 8 }));
      const [, second] = given.delivered();
      // Its PUBREC has to wait for the first.
      given.acknowledge(second);
      const next = restarted(given).connected({ version, sessionPresent: true });
      next.receive(message({ qos: 2, packetId: 7, dup: true }), message({ qos: 2, packetId: 8, dup: true }));
      expect(next.said()).toEqual([]);
      const [first, ...others] = next.delivered();
      expect(others).toEqual([]);
      next.acknowledge(first);
      expect(next.said()).toEqual(['pubrec 7', 'pubrec 8']);
    }
  });

  test('[5.0 MQTT-4.6.0-1, MQTT-4.6.0-4] [3.1.1 MQTT-4.6.0-1, MQTT-4.6.0-4] sends PUBREL in the order of the PUBRECs, which the server sends in the order of the messages', () => {
    for (const version of versions) {
      const given = dialogue().connected({ version });
      for (const topic of ['a', 'b', 'c', 'd']) given.publish(topic, { qos: 2 });
      given.receive(pubrec(1), pubrec(2));
      const next = restarted(given).connected({ version, sessionPresent: true });
      expect(next.said()).toEqual(['pubrel 1', 'pubrel 2', 'publish 3 dup c', 'publish 4 dup d']);
    }
  });

  test('is as good as one that went on in the same process', () => {
    const given = dialogue().connected({ properties: { receiveMaximum: 4 } });
    given.publish('a');
    given.publish('b', { qos: 2 });
    given.publish('c', { qos: 2, properties: { contentType: 'x' } });
    for (const topic of ['d', 'e', 'f']) given.publish(topic);
    given.receive(message({ qos: 2, packetId: 3 }), message({ qos: 2, packetId: 4 }), pubrec(2));
    for (const delivery of given.delivered()) given.acknowledge(delivery);
    given.receive(pubrel(4), puback(1));
    const other = restarted(given);
    expect(other.session.counts).toEqual({ ...given.session.counts, sendSlots: 0 });
    given.sent();
    given.resumed();
    other.connected({ sessionPresent: true });
    // Ids of what was sent before are the same; new ones may differ.
    const again = given.sent().filter(isAgain);
    expect(again).toHaveLength(4);
    expect(other.sent().filter(isAgain)).toEqual(again);
  });

  test('[5.0 MQTT-3.2.2-4] is taken up only when it was there', () => {
    const given = dialogue({ restored: { exists: false } }).connected({ sessionPresent: true });
    expect(given.ending()).toBe('unknown-session');
    expect(
      dialogue({ restored: { exists: true } })
        .connected({ sessionPresent: true })
        .ending(),
    ).toBe('open');
  });

  test('[5.0 MQTT-3.1.3-7] has the id that the server assigned', () => {
    const given = dialogue({ clientId: '', restored: { clientId: 'auto-1' } });
    given.connect();
    expect(given.sent()).toMatchObject([{ clientId: 'auto-1' }]);
    given.receive({ type: 'connack', sessionPresent: true, reasonCode: 0 });
    expect(given.session.isConnected).toBe(true);
    expect(given.session.clientId).toBe('auto-1');
  });
});

test('a message that a store kept and that ends without arriving is told, since nobody waits for it', () => {
  const messages = [
    stored(1, { stage: 'sent', packetId: 1, qos: 2 }),
    stored(2, { stage: 'sent', packetId: 2 }),
    stored(3, { expiresAt: START + 10 }),
    stored(4, {}),
    stored(5, { qos: 2 }),
  ];
  const given = dialogue({ restored: { messages, nextSequence: 6 } });
  given.pass(10).connected({ properties: { maximumQoS: 1 } });
  given.receive({ ...puback(1), reasonCode: 0x97 });
  const lost = given.told().flatMap((told) => (told.type === 'message-lost' ? [told] : []));
  expect(lost.map(({ topic, qos, error }) => [topic, qos, error.code])).toEqual([
    ['t3', 1, 'message-expired'],
    ['t1', 2, 'session-lost'],
    ['t5', 2, 'server-limit'],
    ['t2', 1, 'publish-refused'],
  ]);
  expect(given.persisted().filter(({ type }) => type === 'remove')).toHaveLength(4);
});

test('a session without a store has nothing to persist', () => {
  const given = dialogue({ persists: false }).connected();
  given.publish('a', { qos: 2 });
  given.subscribe('a');
  given.receive(pubrec(1), message({ qos: 2, packetId: 1 }));
  given.acknowledge(given.delivered()[0]);
  given.lost().connected();
  expect(given.persisted()).toEqual([]);
});
