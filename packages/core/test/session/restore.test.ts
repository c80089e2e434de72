import type { Packet } from '@omqtt/codec';
import type { StoreChange, StoredMessage, StoredSubscription } from '@omqtt/contracts/session-store';
import { describe, expect, test } from 'vitest';

import { type Dialogue, dialogue, START } from './dialogue.ts';
import { bytes, message, puback, pubcomp, pubrec, pubrel, suback, unsuback } from './packets.ts';

const versions = ['5.0', '3.1.1'] as const;

function stored(sequence: number, facts: Partial<StoredMessage>): StoredMessage {
  return { sequence, stage: 'waiting', topic: `t${sequence}`, payload: bytes(1), qos: 1, retain: false, ...facts };
}

/** What a store would hold after the changes. */
function keptOf(changes: readonly StoreChange[]) {
  const messages = new Map<number, StoredMessage>();
  const inboundIds = new Set<number>();
  const subscriptions = new Map<string, StoredSubscription>();
  const update = (sequence: number, facts: object): void => {
    const kept = messages.get(sequence);
    if (kept !== undefined) messages.set(sequence, { ...kept, ...facts });
  };
  for (const change of changes) {
    if (change.type === 'put') messages.set(change.message.sequence, change.message);
    if (change.type === 'sent') update(change.sequence, { stage: 'sent', packetId: change.packetId });
    if (change.type === 'released') update(change.sequence, { stage: 'released' });
    if (change.type === 'remove') messages.delete(change.sequence);
    if (change.type === 'received') inboundIds.add(change.packetId);
    if (change.type === 'forget') inboundIds.delete(change.packetId);
    if (change.type === 'subscribe') subscriptions.set(change.subscription.filter, change.subscription);
    if (change.type === 'unsubscribe') subscriptions.delete(change.filter);
  }
  const nextSequence = Math.max(0, ...messages.keys()) + 1;
  return {
    messages: [...messages.values()],
    inboundIds: [...inboundIds],
    subscriptions: [...subscriptions.values()],
    nextSequence,
  };
}

function restarted(given: Dialogue): Dialogue {
  return dialogue({ restored: keptOf(given.persisted()) });
}

/** The filters of each SUBSCRIBE that has left since last asked; the first one is granted all of them. */
function asked(given: Dialogue): readonly (readonly string[])[] {
  return given.sent().flatMap((packet) => {
    if (packet.type !== 'subscribe') return [];
    return [packet.subscriptions.map(({ filter, qos }) => `${filter} ${qos}`)];
  });
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

test('a session without a store has nothing to persist', () => {
  const given = dialogue({ persists: false }).connected();
  given.publish('a', { qos: 2 });
  given.subscribe('a');
  given.receive(pubrec(1), message({ qos: 2, packetId: 1 }));
  given.acknowledge(given.delivered()[0]);
  given.lost().connected();
  expect(given.persisted()).toEqual([]);
});
