import { describe, expect, test } from 'vitest';

import { type Dialogue, dialogue } from './dialogue.ts';
import type { NewSession } from './new-session.ts';
import { bytes, nothing, puback } from './packets.ts';

const three = (whenFull: 'wait' | 'reject' | 'drop-oldest' | 'drop-newest' | 'latest-per-topic'): NewSession => ({
  queue: { maxMessages: 3, whenFull },
});

function publishAll(given: Dialogue, ...topics: readonly string[]): readonly number[] {
  return topics.map((topic) => given.publish(topic));
}

function outcomes(given: Dialogue, operations: readonly number[]): readonly string[] {
  return operations.map((operation) => given.outcome(operation));
}

describe('a queue that is full', () => {
  test.each(['wait', 'reject'] as const)('takes nothing and changes nothing with the policy %s', (whenFull) => {
    const given = dialogue(three(whenFull));
    publishAll(given, 'a', 'b', 'c');
    given.persisted();
    const command = { topic: 'd', payload: nothing, retain: false, alias: 'never' } as const;
    for (const qos of [0, 1, 2] as const) {
      const operation = given.operation();
      expect(given.session.publish({ ...command, operation, qos }, given.now)).toBe('full');
      expect(given.session.hasEffects).toBe(false);
    }
    given.connected();
    expect(given.said()).toEqual(['publish 1 a', 'publish 2 b', 'publish 3 c']);
  });

  test('lets the oldest go with the policy drop-oldest', () => {
    const given = dialogue(three('drop-oldest'));
    const operations = publishAll(given, 'a', 'b', 'c', 'd', 'e');
    expect(outcomes(given, operations)).toEqual([
      'message-dropped',
      'message-dropped',
      'pending',
      'pending',
      'pending',
    ]);
    expect(given.settled(operations[0] ?? 0)?.error).toMatchObject({ why: 'queue-full', retryable: true });
    expect(given.persisted().filter(({ type }) => type === 'remove')).toEqual([
      { type: 'remove', sequence: 1 },
      { type: 'remove', sequence: 2 },
    ]);
    given.connected();
    expect(given.said()).toEqual(['publish 1 c', 'publish 2 d', 'publish 3 e']);
  });

  test('goes on letting the oldest go when others in it have been given up', () => {
    const given = dialogue(three('drop-oldest'));
    const operations = publishAll(given, 'a', 'b', 'c');
    given.cancel(operations[1] ?? 0);
    given.cancel(operations[0] ?? 0);
    publishAll(given, 'd', 'e', 'f', 'g');
    given.connected();
    expect(given.said()).toEqual(['publish 1 e', 'publish 2 f', 'publish 3 g']);
  });

  test('lets the new one go with the policy drop-newest', () => {
    const given = dialogue(three('drop-newest'));
    const operations = publishAll(given, 'a', 'b', 'c', 'd');
    expect(outcomes(given, operations)).toEqual(['pending', 'pending', 'pending', 'message-dropped']);
    expect(given.persisted().filter(({ type }) => type === 'put')).toHaveLength(3);
    given.connected();
    expect(given.said()).toEqual(['publish 1 a', 'publish 2 b', 'publish 3 c']);
  });

  test('lets the older one of the topic go with the policy latest-per-topic', () => {
    const given = dialogue(three('latest-per-topic'));
    const operations = publishAll(given, 'a', 'b', 'c', 'b', 'd');
    expect(outcomes(given, operations)).toEqual([
      'pending',
      'message-dropped',
      'pending',
      'pending',
      'message-dropped',
    ]);
    expect(given.settled(operations[1] ?? 0)?.error).toMatchObject({ why: 'replaced' });
    expect(given.settled(operations[4] ?? 0)?.error).toMatchObject({ why: 'queue-full' });
    given.connected();
    expect(given.said()).toEqual(['publish 1 a', 'publish 2 c', 'publish 3 b']);
  });

  test('is full by bytes as well', () => {
    const given = dialogue({ queue: { maxBytes: 10, whenFull: 'drop-oldest' } });
    const small = [given.publish('a', { payload: bytes(1, 2, 3) }), given.publish('b', { payload: bytes(1, 2, 3) })];
    given.publish('c', { payload: bytes(1, 2, 3, 4, 5) });
    expect(outcomes(given, small)).toEqual(['message-dropped', 'pending']);
    expect(given.session.counts).toMatchObject({ waitingMessages: 2, waitingBytes: 10 });
  });

  test('takes a message that is larger than its bytes when it is empty', () => {
    const given = dialogue({ queue: { maxBytes: 1, whenFull: 'reject' } });
    const large = given.publish('large', { payload: bytes(1, 2, 3) });
    expect(given.outcome(large)).toBe('pending');
  });

  test('of no messages at all takes none', () => {
    for (const whenFull of ['drop-oldest', 'drop-newest', 'latest-per-topic'] as const) {
      const given = dialogue({ queue: { maxMessages: 0, whenFull } });
      expect(given.outcome(given.publish('a'))).toBe('message-dropped');
      given.connected();
      expect(given.outcome(given.publish('b'))).toBe('pending');
      expect(given.said()).toEqual(['publish 1 b']);
    }
  });

  test('has room again for each message that is sent', () => {
    const given = dialogue({ queue: { maxMessages: 1, whenFull: 'reject' } });
    given.connected({ properties: { receiveMaximum: 1 } });
    publishAll(given, 'a', 'b');
    expect(() => given.publish('c')).toThrow('full');
    given.receive(puback(1));
    given.publish('c');
    expect(given.session.counts.waitingMessages).toBe(1);
  });
});

describe('a message of QoS 0 without a connection', () => {
  test('is dropped by the policy drop', () => {
    const given = dialogue({ queue: { qos0: 'drop' } });
    for (const opening of [() => undefined, () => given.connect()]) {
      opening();
      const publish = given.publish('a', { qos: 0 });
      expect(given.settled(publish)?.error).toMatchObject({ code: 'message-dropped', why: 'offline', retryable: true });
    }
    expect(given.session.counts.waitingMessages).toBe(0);
  });

  test('waits by the policy queue, in order with the others and without being stored', () => {
    const given = dialogue({ queue: { qos0: 'queue' } });
    given.publish('a');
    const once = given.publish('b', { qos: 0 });
    given.publish('c');
    expect(given.outcome(once)).toBe('pending');
    expect(given.persisted().map((change) => change.type === 'put' && change.message.topic)).toEqual(['a', 'c']);
    given.persisted();
    given.connected();
    expect(given.said()).toEqual(['publish 1 a', 'publish b', 'publish 2 c']);
    expect(given.outcome(once)).toBe('ok');
  });
});
