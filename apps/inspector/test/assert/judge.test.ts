import { encode } from '@omqtt/codec';
import { defaultLimits, Inspection } from '@omqtt/inspect';
import { expect, test } from 'vitest';
import { Judge } from '../../src/assert/judge.ts';
import { InspectorOptionError } from '../../src/inspector-errors.ts';

function judged(assertion: string, inspection: Inspection): boolean | undefined {
  return new Judge([assertion], inspection.records, defaultLimits).finish()[0]?.holds;
}

/** Five messages of QoS 1, a second apart; the last one is never acknowledged. */
function conversation(limit?: number): Inspection {
  const inspection = new Inspection(limit === undefined ? {} : { limits: { maximumRecords: limit } });
  inspection.open('c', { at: 0, isPartial: true });
  for (let packetId = 1; packetId <= 5; packetId += 1) {
    const at = packetId * 1000;
    const publish = {
      type: 'publish',
      topic: 'a/b',
      payload: Uint8Array.of(packetId),
      retain: false,
      dup: false,
    } as const;
    inspection.bytes('c', 'c2s', { chunk: encode({ ...publish, qos: 1, packetId }, '5.0'), at });
    const chunk = encode({ type: 'puback', packetId, reasonCode: 0 }, '5.0');
    if (packetId < 5) inspection.bytes('c', 's2c', { chunk, at: at + 10 * packetId });
  }
  return inspection;
}

test.each([
  ['never(type:subscribe)', true],
  ['never(rtt>35ms)', false],
  ['never(rtt>60ms)', true],
  ['count(type:publish) = 5', true],
  ['count(type:publish)>=6', false],
  ['count(type:puback) != 5', true],
  ['count((type:publish or type:puback)) < 10', true],
  ['topic:a/+', true],
  ['topic:b/+', false],
  ['within(type:publish pid<5 -> type:puback, 2s)', true],
  ['within(type:publish -> type:puback, 2s)', false],
  ['within(type:publish pid<5 -> type:puback, 25ms)', false],
  ['within(type:subscribe -> type:suback, 1s)', true],
])('%s: %s', (assertion, holds) => {
  expect(judged(assertion, conversation())).toBe(holds);
});

test('packets that the store dropped before anybody looked make every assertion fail', () => {
  expect(judged('never(type:subscribe)', conversation(3))).toBe(false);
});

test('a store that is full loses nothing that a judge who keeps up has seen', () => {
  const limits = { ...defaultLimits, maximumRecords: 10 };
  const inspection = new Inspection({ limits });
  const judge = new Judge(['count(type:pingreq) = 100'], inspection.records, limits);
  inspection.open('c', { at: 0, isPartial: true });
  for (let at = 0; at < 100; at += 1) {
    inspection.bytes('c', 'c2s', { chunk: Uint8Array.of(0xc0, 0), at });
    judge.proceed(at);
  }
  expect(inspection.records.dropped).toBe(90);
  expect(judge.finish()).toEqual([
    { assertion: 'count(type:pingreq) = 100', holds: true, reason: expect.any(String) as string },
  ]);
});

test.each(['never(', 'never((', 'count(type:publish)', 'within(type:publish, 2s)', 'count(x) >= y', 'type:'])(
  '%s is refused with an explanation',
  (assertion) => {
    expect(() => judged(assertion, conversation())).toThrow(InspectorOptionError);
  },
);
