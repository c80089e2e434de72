import * as fc from 'fast-check';
import type { Packet } from '@omqtt/codec';
import { describe, expect, test } from 'vitest';

import { type Dialogue, dialogue, GivenUp } from './dialogue.ts';
import { connack, goodbye, message, pingresp, puback, pubcomp, pubrec, pubrel, suback, unsuback } from './packets.ts';

describe('giving up for good', () => {
  test('settles everything that still waits, once, and leaves what is stored in the store', () => {
    const given = dialogue().connected({ properties: { receiveMaximum: 1 } });
    const operations = [
      given.publish('sent'),
      given.publish('waits'),
      given.publish('twice', { qos: 2 }),
      given.subscribe('a'),
      given.unsubscribe('b'),
      given.ping(),
    ];
    given.persisted();
    given.act(() => given.session.abandon(new GivenUp(), given.now));
    const kept = 'message-kept';
    const outcomes = operations.map((operation) => given.outcome(operation));
    expect(outcomes).toEqual([kept, kept, kept, 'given-up', 'given-up', 'given-up']);
    expect(given.settled(operations[0] ?? 0)?.error?.cause).toBeInstanceOf(GivenUp);
    expect(given.persisted().map(({ type }) => type)).toEqual(['alive']);
    given.act(() => given.session.abandon(new GivenUp(), given.now));
  });

  test('withdraws what is in no store and was never sent; what was sent goes on, unless that was all', () => {
    for (const isFinal of [false, true]) {
      const given = dialogue({ persists: false }).connected({ properties: { receiveMaximum: 1 } });
      const [sent, waits] = [given.publish('sent'), given.publish('waits')];
      given.sent();
      given.act(() => given.session.abandon(new GivenUp(), given.now, isFinal));
      expect(given.outcome(sent)).toBe(isFinal ? 'given-up' : 'message-kept');
      expect(given.outcome(waits)).toBe('given-up');
      expect(given.session.counts).toMatchObject({ waitingMessages: 0, waitingBytes: 0, inFlight: 1 });
      expect(given.connected({ sessionPresent: true }).said()).toEqual(['publish 1 dup sent']);
    }
  });

  test('withdraws QoS 0, which no store has', () => {
    const given = dialogue();
    const [once, stored] = [given.publish('once', { qos: 0 }), given.publish('stored')];
    given.act(() => given.session.abandon(new GivenUp(), given.now, false));
    expect([given.outcome(once), given.outcome(stored)]).toEqual(['given-up', 'message-kept']);
    expect(given.connected().said()).toEqual(['publish 1 stored']);
  });

  test('settles the call to connect', () => {
    const given = dialogue();
    const call = given.connect();
    given.act(() => given.session.abandon(new GivenUp(), given.now));
    expect(given.outcome(call)).toBe('given-up');
    expect(given.session.nextDeadline()).toBe(Infinity);
  });

  test('settles a re-authentication', () => {
    const given = dialogue();
    given.connect({ request: { authenticationMethod: 'M' } });
    given.receive(connack({ authenticationMethod: 'M' }));
    given.act(() => given.session.confirmAuthentication(given.now));
    const again = given.act((operation) => given.session.reauthenticate(operation, undefined, given.now));
    given.act(() => given.session.abandon(new GivenUp(), given.now));
    expect(given.outcome(again)).toBe('given-up');
  });
});

/** What a fast and careless world does: every step is legal for a user, and possible for a network. */
const id = fc.integer({ min: 1, max: 6 });
const code = fc.constantFrom(0, 0, 0, 0x10, 0x80, 0x92);
const packet: fc.Arbitrary<Packet> = fc.oneof(
  fc.tuple(id, code).map(([packetId, reasonCode]) => puback(packetId, reasonCode)),
  fc.tuple(id, code).map(([packetId, reasonCode]) => pubrec(packetId, reasonCode)),
  id.map((packetId) => pubcomp(packetId)),
  id.map((packetId) => pubrel(packetId)),
  id.map((packetId) => suback(packetId, 0)),
  id.map((packetId) => unsuback(packetId, 0)),
  fc
    .tuple(id, fc.constantFrom(0 as const, 1 as const, 2 as const))
    .map(([packetId, qos]) => message({ qos, ...(qos > 0 && { packetId }) })),
  fc.constant(pingresp),
);

type Step = (given: Dialogue, operations: number[]) => void;

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: packet.map(
      (received): Step =>
        (given) =>
          void given.receive(received),
    ),
  },
  {
    weight: 6,
    arbitrary: fc.tuple(fc.constantFrom(0 as const, 1 as const, 2 as const), fc.constantFrom(undefined, 1)).map(
      ([qos, seconds]): Step =>
        (given, operations) =>
          operations.push(
            given.publish('a', { qos, ...(seconds && { properties: { messageExpirySeconds: seconds } }) }),
          ),
    ),
  },
  fc.constant<Step>((given, operations) => operations.push(given.subscribe('a'))),
  fc.constant<Step>((given, operations) => operations.push(given.unsubscribe('a'))),
  fc.constant<Step>((given, operations) => operations.push(given.ping())),
  fc.nat(20).map(
    (index): Step =>
      (given, operations) =>
        given.cancel(operations[index] ?? 0),
  ),
  fc.constant<Step>((given) => {
    for (const delivery of given.delivered()) given.acknowledge(delivery);
  }),
  fc.nat(2000).map(
    (ms): Step =>
      (given) =>
        void given.pass(ms),
  ),
  fc.constant<Step>((given) => void given.receive(goodbye(0x8b))),
  fc.constant<Step>((given) => given.disconnect()),
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.boolean(), fc.integer({ min: 1, max: 3 }))
      .map(([sessionPresent, receiveMaximum]): Step => (given, operations) => {
        given.lost();
        operations.push(given.connect({ keepAliveSeconds: 1 }));
        given.receive(connack({ receiveMaximum }, sessionPresent));
      }),
  },
);

test('every operation settles exactly once, whatever happens in whatever order [parity P1]', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const given = dialogue({ whenLost: { qos1: 'republish', qos2: 'republish' }, pingTimeoutMs: 500 });
      const operations: number[] = [];
      // The dialogue fails when one is settled twice, or when the Receive Maximum or an end is not kept.
      for (const run of steps) run(given, operations);
      given.act(() => given.session.abandon(new GivenUp(), given.now));
      const pending = operations.filter((operation) => given.outcome(operation) === 'pending');
      expect(pending).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test('nothing is held any more when everything has been answered', () => {
  const given = dialogue().connected();
  for (let count = 0; count < 50; count += 1) {
    given.publish('a');
    given.publish('b', { qos: 2 });
    given.subscribe('c');
  }
  for (const sent of given.sent()) {
    if (sent.type === 'subscribe') given.receive(suback(sent.packetId, 0));
    if (sent.type !== 'publish') continue;
    const { packetId = 0 } = sent;
    given.receive(...(sent.qos === 1 ? [puback(packetId)] : [pubrec(packetId), pubcomp(packetId)]));
  }
  expect(given.session.counts).toEqual({
    waitingMessages: 0,
    waitingBytes: 0,
    inFlight: 0,
    packetIds: 0,
    sendSlots: 0,
    receivedIds: 0,
    handled: 0,
    exchanges: 0,
  });
});
