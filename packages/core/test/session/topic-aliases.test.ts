import type { PublishPacket } from '@omqtt/codec';
import { describe, expect, test } from 'vitest';

import { OutboundAliases } from '../../src/session/topic-aliases.ts';
import { dialogue } from './dialogue.ts';
import { message, puback } from './packets.ts';

function aliased(topic: string, topicAlias: number): PublishPacket {
  return message({ qos: 0, topic, properties: { topicAlias } });
}

const three = { properties: { topicAliasMaximum: 3 } } as const;

describe('topic aliases of this side', () => {
  test('[5.0 MQTT-3.2.2-17, MQTT-3.3.2-9] stay within the maximum of the server: the least recently used makes room [parity Z35, E25]', () => {
    const given = dialogue().connected({ properties: { topicAliasMaximum: 2 } });
    for (const topic of ['a', 'b', 'a', 'c', 'a', 'b']) given.publish(topic, { qos: 0, alias: 'try' });
    expect(given.said()).toEqual([
      'publish a alias 1',
      'publish b alias 2',
      'publish alias 1',
      'publish c alias 2',
      'publish alias 1',
      'publish b alias 2',
    ]);
  });

  test('are given only where the policy asks for them', () => {
    const given = dialogue().connected(three);
    given.publish('a', { alias: 'always' });
    given.publish('a', { alias: 'never' });
    given.publish('a', { alias: 'try', qos: 2 });
    expect(given.said()).toEqual(['publish 1 a alias 1', 'publish 2 a', 'publish 3 alias 1']);
  });

  test('are no more than this side wants', () => {
    const given = dialogue({ outboundAliases: 1 }).connected(three);
    for (const topic of ['a', 'b']) given.publish(topic, { alias: 'try' });
    expect(given.said()).toEqual(['publish 1 a alias 1', 'publish 2 b alias 1']);
    const none = dialogue({ outboundAliases: 0 }).connected(three);
    none.publish('a', { alias: 'try' });
    expect(none.said()).toEqual(['publish 1 a']);
  });

  test('[5.0 MQTT-3.2.2-17, MQTT-3.3.2-9] are not for users to choose', () => {
    for (const given of [dialogue(), dialogue().connected(three)]) {
      expect(() => given.publish('a', { properties: { topicAlias: 3 } })).toThrow('alias');
      expect(() => given.publish('a', { qos: 0, properties: { topicAlias: 4 } })).toThrow('alias');
      expect(() => given.publish('a', { properties: { subscriptionIdentifiers: [1] } })).toThrow('identifiers');
      expect(given.said()).toEqual([]);
    }
  });

  test('[5.0 MQTT-3.2.2-18, MQTT-3.3.2-9] are none where the server has no maximum, whatever an earlier connection had', () => {
    const given = dialogue().connected(three);
    given.publish('a', { alias: 'try', qos: 0 });
    for (const properties of [{}, { topicAliasMaximum: 0 }]) {
      given.resumed({ properties });
      given.publish('a', { alias: 'try', qos: 0 });
      expect(given.said()).toContain('publish a');
    }
  });

  test('[5.0 MQTT-3.3.2-7] die with the connection, and what is sent again has its topic in full [parity Z35, E25]', () => {
    const given = dialogue().connected(three);
    for (const topic of ['a', 'a']) given.publish(topic, { alias: 'try' });
    expect(given.said()).toEqual(['publish 1 a alias 1', 'publish 2 alias 1']);
    expect(given.persisted().flatMap((change) => (change.type === 'put' ? [change.message.topic] : []))).toEqual([
      'a',
      'a',
    ]);
    given.resumed(three);
    expect(given.said()).toEqual(['publish 1 dup a', 'publish 2 dup a']);
    given.receive(puback(1), puback(2));
    given.publish('a', { alias: 'try' });
    expect(given.said()).toEqual(['publish 3 a alias 1']);
  });

  test('are given when a message leaves, not when it begins to wait [parity E25]', () => {
    const given = dialogue();
    given.publish('a', { alias: 'try' });
    given.publish('a', { alias: 'try' });
    given.connected(three);
    expect(given.said()).toEqual(['publish 1 a alias 1', 'publish 2 alias 1']);
  });

  test('never stand for another topic than the peer was told', () => {
    const maximum = 4;
    const aliases = new OutboundAliases(maximum);
    const peer = new Map<number, string>();
    const recent: string[] = [];
    let seed = 1;
    for (let step = 0; step < 5000; step += 1) {
      seed = (seed * 48_271) % 0x7fff_ffff;
      const topic = `t${seed % 7}`;
      const { topic: written, alias } = aliases.use(topic);
      expect(alias).toBeGreaterThanOrEqual(1);
      expect(alias).toBeLessThanOrEqual(maximum);
      // A model: the four topics used last are known, and no others.
      const isKnown = recent.includes(topic);
      expect(written).toBe(isKnown ? '' : topic);
      if (written !== '') peer.set(alias, written);
      expect(peer.get(alias)).toBe(topic);
      if (isKnown) recent.splice(recent.indexOf(topic), 1);
      recent.push(topic);
      if (recent.length > maximum) recent.shift();
    }
  });
});

describe('topic aliases of the server', () => {
  test('[5.0 MQTT-3.3.2-10] are accepted from 1 to the announced maximum, and may be given again [parity Z35, E32, B15]', () => {
    const given = dialogue({ topicAliasMaximum: 65_535 }).connected();
    given.receive(aliased('a', 1), aliased('b', 65_535), aliased('', 1), aliased('', 65_535));
    given.receive(aliased('c', 1), aliased('', 1), aliased('', 65_535));
    const topics = given.delivered().map((delivery) => delivery.message.topic);
    expect(topics).toEqual(['a', 'b', 'a', 'b', 'c', 'c', 'b']);
    expect(given.ending()).toBe('open');
  });

  test('are learned from a message that is not delivered again [parity E32, B16]', () => {
    const given = dialogue({ topicAliasMaximum: 2 }).connected();
    const repeated = message({ qos: 2, packetId: 4, topic: 'a', properties: { topicAlias: 1 } });
    given.receive(repeated);
    given.acknowledge(given.delivered()[0]);
    given.resumed().receive({ ...repeated, dup: true });
    given.receive(message({ qos: 0, topic: '', properties: { topicAlias: 1 } }));
    expect(given.delivered()).toMatchObject([{ message: { topic: 'a' } }]);
  });

  test.each([
    ['that were not asked for', 0, 1],
    ['above the maximum', 3, 4],
  ])(
    '[5.0 MQTT-3.1.2-26, MQTT-3.1.2-27, MQTT-3.3.2-11] %s are answered with 0x94, and the message is not delivered [parity E32]',
    (_, topicAliasMaximum, topicAlias) => {
      for (const topic of ['a', '']) {
        const given = dialogue({ topicAliasMaximum }).connected();
        given.receive(message({ topic, properties: { topicAlias } }));
        expect(given.said()).toEqual(['disconnect 0x94']);
        expect(given.ending()).toBe('protocol-error');
        expect(given.delivered()).toEqual([]);
      }
    },
  );

  test('[5.0 MQTT-3.1.2-26] work up to the maximum [parity B15]', () => {
    const given = dialogue({ topicAliasMaximum: 3 }).connected();
    given.receive(message({ topic: 'a', properties: { topicAlias: 3 } }));
    expect(given.delivered()).toHaveLength(1);
    expect(given.ending()).toBe('open');
  });

  test('[5.0 MQTT-3.3.2-7] that were never given a topic on this connection are a protocol error [parity E32]', () => {
    const given = dialogue({ topicAliasMaximum: 3 }).connected();
    given.receive(message({ qos: 0, topic: 'a', properties: { topicAlias: 1 } }));
    given.delivered();
    given.resumed().receive(message({ qos: 0, topic: '', properties: { topicAlias: 1 } }));
    expect(given.said()).toEqual(['disconnect 0x82']);
    expect(given.delivered()).toEqual([]);
  });
});
