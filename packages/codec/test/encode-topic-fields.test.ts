import { describe, expect, test } from 'vitest';

import { InvalidPacketError } from '../src/index.ts';
import { frames } from './sample-packets.ts';
import { refusal } from './refusal.ts';

const { connect, publish, will } = frames;
const last = { topic: 't', payload: new Uint8Array(0), qos: 0, retain: false };

function withTopic(topic: unknown, version = '5.0'): unknown {
  const packet = { ...connect.packet({}), version, will: { ...last, topic } };
  return version === '5.0' ? packet : { ...packet, properties: undefined };
}

describe('the topic of a will is refused', () => {
  test('[5.0 MQTT-4.7.0-1, MQTT-3.1.3-11] [3.1.1 MQTT-4.7.1-1] with a wildcard', () => {
    for (const topic of ['#', 'a/+', 'a+b']) {
      const found = [refusal(withTopic(topic)), refusal(withTopic(topic, '3.1.1'), '3.1.1')];
      const expected = { problem: 'wildcard-in-topic', field: 'will.topic' };
      expect(found).toMatchObject([
        { ...expected, statement: 'MQTT-4.7.0-1' },
        { ...expected, statement: 'MQTT-4.7.1-1' },
      ]);
      expect(found[0]).toBeInstanceOf(InvalidPacketError);
    }
  });

  test('[5.0 MQTT-4.7.3-1] [3.1.1 MQTT-4.7.3-1] when it is empty', () => {
    const found = [refusal(withTopic('')), refusal(withTopic('', '3.1.1'), '3.1.1')];
    const expected = { problem: 'empty-topic', field: 'will.topic', statement: 'MQTT-4.7.3-1' };
    expect(found).toMatchObject([expected, expected]);
  });

  test('when it is not a string', () => {
    for (const topic of [5, null, undefined, {}]) {
      expect(refusal(withTopic(topic))).toMatchObject({ problem: 'bad-value', field: 'will.topic' });
    }
  });
});

describe('a response topic is refused, in a PUBLISH and in a will,', () => {
  test.each(['#', 'a/#', 'a/+', 'a+b'])('[5.0 MQTT-3.3.2-14, MQTT-4.7.0-1] with a wildcard: %s', (responseTopic) => {
    for (const carrier of [publish, will]) {
      const error = refusal(carrier.packet({ responseTopic }));
      expect(error).toMatchObject({ problem: 'wildcard-in-topic', statement: 'MQTT-3.3.2-14' });
      expect(error).toHaveProperty('field', expect.stringMatching(/(^|\.)responseTopic$/));
    }
  });

  test('[5.0 MQTT-4.7.3-1] when it is empty', () => {
    for (const carrier of [publish, will]) {
      expect(refusal(carrier.packet({ responseTopic: '' }))).toMatchObject({ problem: 'empty-topic' });
    }
  });

  test('when it is not a string', () => {
    for (const responseTopic of [5, null, {}, ['t']]) {
      for (const carrier of [publish, will]) {
        expect(refusal(carrier.packet({ responseTopic }))).toMatchObject({ problem: 'bad-value' });
      }
    }
  });
});
