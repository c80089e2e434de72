import { encode, type PublishPacket } from '@omqtt/codec';
import { describe, expect, test } from 'vitest';

import { dialogue, type Message } from './dialogue.ts';
import { nothing, puback, pubrec, suback } from './packets.ts';

/** The size of the message as it leaves, with an id where it needs one. */
function sizeOf(
  topic: string,
  { qos = 1, payload = nothing, properties, alias }: Message,
  topicAlias?: number,
): number {
  const all = { ...properties, ...(alias !== undefined && topicAlias !== undefined && { topicAlias }) };
  const packet: PublishPacket = {
    type: 'publish',
    topic,
    payload,
    qos,
    retain: false,
    dup: false,
    ...(qos > 0 && { packetId: 1 }),
    ...(Object.keys(all).length > 0 && { properties: all }),
  };
  return encode(packet, '5.0').length;
}

describe('what the server said it would refuse', () => {
  test.each([
    ['a QoS that is too high', { maximumQoS: 1 }, { qos: 2 }, 'qos'],
    ['any QoS but 0', { maximumQoS: 0 }, { qos: 1 }, 'qos'],
    ['a message to be retained', { retainAvailable: false }, { retain: true }, 'retain'],
    ['a message to be retained, at QoS 0', { retainAvailable: false }, { retain: true, qos: 0 }, 'retain'],
    ['an alias that must be', {}, { alias: 'always' }, 'topic-alias'],
    ['a packet that is too large', { maximumPacketBytes: 10 }, { payload: new Uint8Array(9) }, 'packet-size'],
  ] as const)(
    '[5.0 MQTT-3.2.2-11, MQTT-3.2.2-14, MQTT-3.2.2-15] %s is refused before an id is taken or a byte is stored [parity Z16, E24]',
    (...[, properties, message, limit]) => {
      const given = dialogue().connected({ properties });
      given.persisted();
      expect(() => given.publish('a', message)).toThrow(expect.objectContaining({ code: 'server-limit', limit }));
      expect(given.persisted()).toEqual([]);
      expect(given.said()).toEqual([]);
      given.publish('a', { ...message, qos: 0, retain: false, alias: 'never', payload: nothing });
      expect(given.said()).toEqual(['publish a']);
      expect(given.session.counts).toMatchObject({ packetIds: 0, waitingMessages: 0 });
    },
  );

  test.each([
    ['a QoS that is too high', { maximumQoS: 1 }, { qos: 2 }],
    ['a message to be retained', { retainAvailable: false }, { retain: true }],
    ['a message to be retained, at QoS 0', { retainAvailable: false }, { retain: true, qos: 0 }],
    ['a packet that is too large', { maximumPacketBytes: 10 }, { payload: new Uint8Array(9) }],
  ] as const)(
    '[5.0 MQTT-3.2.2-11, MQTT-3.2.2-14, MQTT-3.2.2-15] %s ends a message that has waited, stored or not, and lets the others pass',
    (_, properties, message) => {
      const given = dialogue();
      const [refused, fine] = [given.publish('a', message), given.publish('b')];
      given.connected({ properties: { maximumQoS: 1, ...properties } });
      expect(given.outcome(refused)).toBe('server-limit');
      expect(given.said()).toEqual(['publish 1 b']);
      given.receive(puback(1));
      expect(given.outcome(fine)).toBe('ok');
      const types = given.persisted().map(({ type }) => type);
      expect(types.filter((type) => type === 'remove')).toHaveLength(types.filter((type) => type === 'put').length);
    },
  );

  test('[5.0 MQTT-3.2.2-9, MQTT-3.2.2-14] holds for one connection: on the next one that does not say it, it is allowed again [parity Z16]', () => {
    const given = dialogue().connected({
      properties: { maximumQoS: 0, retainAvailable: false, maximumPacketBytes: 10 },
    });
    expect(() => given.publish('a', { qos: 2 })).toThrow('server does not accept');
    given.lost().connected();
    given.publish('a', { qos: 2, retain: true, payload: new Uint8Array(100) });
    expect(given.said()).toEqual(['publish 1 a']);
  });

  test('[5.0 MQTT-3.2.2-9] is what the client can see', () => {
    const given = dialogue().connected({ properties: { maximumQoS: 1, topicAliasMaximum: 3 } });
    expect(given.session.agreement?.limits).toEqual({
      receiveMaximum: 65_535,
      maximumQoS: 1,
      retainAvailable: true,
      maximumPacketBytes: Infinity,
      topicAliasMaximum: 3,
      wildcardSubscriptionAvailable: true,
      subscriptionIdentifierAvailable: true,
      sharedSubscriptionAvailable: true,
    });
  });
});

describe('the Maximum Packet Size of the server', () => {
  const messages: readonly Message[] = [
    {},
    { qos: 0, payload: new Uint8Array(100) },
    { qos: 2, payload: new Uint8Array(120) },
    { payload: new Uint8Array(16_377), properties: { messageExpirySeconds: 5, contentType: 'x' } },
    { qos: 0, payload: new Uint8Array(70_000), properties: { userProperties: [['a', 'b']] } },
  ];

  test.each(messages)(
    '[5.0 MQTT-3.2.2-15] lets a message pass that has just its size, and none that is one byte larger: %o [parity P7]',
    (message) => {
      const size = sizeOf('topic', message);
      const fitting = dialogue().connected({ properties: { maximumPacketBytes: size } });
      fitting.publish('topic', message);
      expect(fitting.sent()).toHaveLength(1);
      const small = dialogue().connected({ properties: { maximumPacketBytes: size - 1 } });
      expect(() => small.publish('topic', message)).toThrow(
        expect.objectContaining({ asked: size, allowed: size - 1 }),
      );
    },
  );

  test.each(messages)(
    '[5.0 MQTT-3.2.2-15] counts the alias that a message leaves with, or leaves it out: %o',
    (message) => {
      const options = { ...message, qos: 0 } as const;
      const plain = sizeOf('topic', options);
      const aliased = sizeOf('topic', { ...options, alias: 'try' }, 1);
      for (let size = plain; size <= aliased; size += 1) {
        const given = dialogue().connected({ properties: { maximumPacketBytes: size, topicAliasMaximum: 5 } });
        given.publish('topic', { ...options, alias: 'try' });
        const [packet, ...others] = given.sent();
        expect(others).toEqual([]);
        expect(packet && encode(packet, '5.0').length).toBe(size === aliased ? aliased : plain);
      }
      const given = dialogue().connected({ properties: { maximumPacketBytes: aliased - 1, topicAliasMaximum: 5 } });
      expect(() => given.publish('topic', { ...options, alias: 'always' })).toThrow('packet-size');
    },
  );

  test('[5.0 MQTT-3.2.2-15] binds SUBSCRIBE and UNSUBSCRIBE [parity P7]', () => {
    const given = dialogue().connected({ properties: { maximumPacketBytes: 20 } });
    const operations = [given.subscribe('x'.repeat(40)), given.unsubscribe('x'.repeat(40)), given.subscribe('a')];
    expect(operations.map((operation) => given.outcome(operation))).toEqual([
      'server-limit',
      'server-limit',
      'pending',
    ]);
    expect(given.said()).toEqual(['subscribe 1 a']);
  });

  test('[5.0 MQTT-3.2.2-15] binds what is sent again on a new connection', () => {
    const given = dialogue().connected();
    const [large, small] = [given.publish('a', { payload: new Uint8Array(100) }), given.publish('b')];
    given.sent();
    given.resumed({ properties: { maximumPacketBytes: 50 } });
    expect(given.said()).toEqual(['publish 2 dup b']);
    expect([given.outcome(large), given.outcome(small)]).toEqual(['server-limit', 'pending']);
  });

  test('[5.0 MQTT-3.2.2-11, MQTT-3.2.2-14] and so do its maximum QoS and its word on retained messages', () => {
    const given = dialogue().connected();
    const operations = [given.publish('a', { qos: 2 }), given.publish('b', { retain: true }), given.publish('c')];
    const released = given.publish('d', { qos: 2 });
    given.receive(pubrec(4));
    given.sent();
    given.resumed({ properties: { maximumQoS: 1, retainAvailable: false } });
    expect(given.said()).toEqual(['pubrel 4', 'publish 3 dup c']);
    expect(operations.map((operation) => given.outcome(operation))).toEqual([
      'server-limit',
      'server-limit',
      'pending',
    ]);
    expect(given.outcome(released)).toBe('pending');
  });
});

describe('a subscription that the server said it would refuse', () => {
  const request = { filter: 'a', qos: 0, noLocal: false, retainAsPublished: false, retainHandling: 0 } as const;

  test.each([
    ['wildcard-subscriptions', { wildcardSubscriptionAvailable: false }, { filter: 'a/#' }, undefined],
    ['wildcard-subscriptions', { wildcardSubscriptionAvailable: false }, { filter: '+' }, undefined],
    ['shared-subscriptions', { sharedSubscriptionAvailable: false }, { filter: '$share/g/a' }, undefined],
    ['subscription-identifiers', { subscriptionIdentifierAvailable: false }, {}, 1],
  ] as const)('is refused: %s', (...[limit, properties, facts, identifier]) => {
    const given = dialogue().connected({ properties });
    const operation = given.operation();
    const command = { operation, subscriptions: [{ ...request, ...facts }], identifier };
    expect(() => given.session.subscribe(command, given.now)).toThrow(expect.objectContaining({ limit }));
    expect(given.session.hasEffects).toBe(false);
    const waiting = dialogue();
    const call = waiting.act((number) => waiting.session.subscribe({ ...command, operation: number }, waiting.now));
    waiting.connected({ properties });
    expect(waiting.outcome(call)).toBe('server-limit');
    expect(waiting.said()).toEqual([]);
  });

  test('[5.0 MQTT-3.2.2-10] is none with a QoS above its maximum: the server grants less', () => {
    const given = dialogue().connected({ properties: { maximumQoS: 0 } });
    const operation = given.subscribe({ ...request, qos: 2 });
    expect(given.sent()).toMatchObject([{ subscriptions: [{ qos: 2 }] }]);
    given.receive(suback(1, 0));
    expect(given.settled(operation)?.packet).toMatchObject({ reasonCodes: [0] });
  });
});
