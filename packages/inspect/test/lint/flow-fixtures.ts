/** For each rule about exchanges and subscriptions: a conversation that breaks it, and one beside it that does not. */
import type { FlowRuleName } from '../../src/lint/flow-rules.ts';
import { bytesOf } from '../../src/platform-text.ts';
import type { Step } from '../conversation.ts';
import {
  ack,
  client,
  close,
  connack,
  connect,
  connected,
  on,
  publish,
  server,
  suback,
  subscribe,
  unsuback,
  unsubscribe,
  wait,
} from '../packets.ts';

type Fixture = readonly [bad: readonly Step[], good: readonly Step[]];

const lasting = { cleanStart: false, properties: { sessionExpirySeconds: 3600 } } as const;
const resumable: readonly Step[] = [connect({ ...lasting, cleanStart: true }), connack()];
const resumed: readonly Step[] = [close(), on('two'), connect(lasting), connack({ sessionPresent: true })];
const q1 = (packetId: number, dup: boolean = false) => publish({ qos: 1, packetId, dup });
const q2 = (packetId: number, dup: boolean = false) => publish({ qos: 2, packetId, dup });
const subscribed: readonly Step[] = [...connected, client(subscribe({ qos: 2 })), server(suback(1, [2]))];
const hello = publish({ payload: bytesOf('hello') });
const retained = publish({ retain: true });

export const flowFixtures: Readonly<Record<FlowRuleName, Fixture>> = {
  'orphan-ack': [
    [...connected, server(ack('puback', 9))],
    [...connected, client(q1(9)), server(ack('puback', 9))],
  ],
  'orphan-suback': [
    [...connected, server(suback(9))],
    [...connected, client(subscribe({}, 9)), server(suback(9))],
  ],
  'orphan-unsuback': [
    [...connected, server(unsuback(9))],
    [...connected, client(unsubscribe('a', 9)), server(unsuback(9, [0x11]))],
  ],
  'ack-of-other-qos': [
    [...connected, client(q1(1)), server(ack('pubrec', 1))],
    [...connected, client(q2(1)), server(ack('pubrec', 1))],
  ],
  'id-in-use': [
    [...connected, client(q1(1)), client(q1(1))],
    [...connected, client(q1(1)), server(ack('puback', 1)), client(q1(1))],
  ],
  'id-in-use-of-server': [
    [...subscribed, server(q1(1)), server(q1(1))],
    [...subscribed, server(q1(1)), client(ack('puback', 1)), server(q1(1))],
  ],
  'dup-on-first': [
    [...connected, client(q1(1, true))],
    [...connected, client(q1(1))],
  ],
  'resent-without-dup': [
    [...resumable, client(q1(1)), ...resumed, client(q1(1))],
    [...resumable, client(q1(1)), ...resumed, client(q1(1, true))],
  ],
  'resent-on-same-connection': [
    [...connected, client(q1(1)), client(q1(1, true))],
    [...resumable, client(q1(1)), ...resumed, client(q1(1, true))],
  ],
  'resent-after-pubrel': [
    [...resumable, client(q2(1)), server(ack('pubrec', 1)), client(ack('pubrel', 1)), ...resumed, client(q2(1, true))],
    [
      ...resumable,
      client(q2(1)),
      server(ack('pubrec', 1)),
      client(ack('pubrel', 1)),
      ...resumed,
      client(ack('pubrel', 1)),
      server(ack('pubcomp', 1)),
    ],
  ],
  'resent-after-refusal': [
    [...connected, client(q1(1)), server(ack('puback', 1, 0x87)), client(q1(1, true))],
    [...connected, client(q1(1)), server(ack('puback', 1, 0x87)), client(q1(1))],
  ],
  'pubrel-without-pubrec': [
    [...connected, client(q2(1)), client(ack('pubrel', 1))],
    [...connected, client(q2(1)), server(ack('pubrec', 1)), client(ack('pubrel', 1))],
  ],
  'orphan-pubcomp': [
    [...connected, server(ack('pubcomp', 1))],
    [...connected, client(q2(1)), server(ack('pubrec', 1)), client(ack('pubrel', 1)), server(ack('pubcomp', 1))],
  ],
  'puback-order': [
    [...subscribed, server(q1(1)), server(q1(2)), client(ack('puback', 2))],
    [...subscribed, server(q1(1)), server(q1(2)), client(ack('puback', 1)), client(ack('puback', 2))],
  ],
  'pubrec-order': [
    [...subscribed, server(q2(1)), server(q2(2)), client(ack('pubrec', 2))],
    [...subscribed, server(q2(1)), server(q2(2)), client(ack('pubrec', 1)), client(ack('pubrec', 2))],
  ],
  'pubrel-order': [
    [
      ...connected,
      client(q2(1)),
      client(q2(2)),
      server(ack('pubrec', 1)),
      server(ack('pubrec', 2)),
      client(ack('pubrel', 2)),
    ],
    [
      ...connected,
      client(q2(1)),
      client(q2(2)),
      server(ack('pubrec', 1)),
      server(ack('pubrec', 2)),
      client(ack('pubrel', 1)),
      client(ack('pubrel', 2)),
    ],
  ],
  'resend-order': [
    [...resumable, client(q1(1)), client(q1(2)), ...resumed, client(q1(2, true)), client(q1(1, true))],
    [...resumable, client(q1(1)), client(q1(2)), ...resumed, client(q1(1, true)), client(q1(2, true))],
  ],
  'over-receive-maximum-of-server': [
    [connect(), connack({ properties: { receiveMaximum: 1 } }), client(q1(1)), client(q1(2))],
    [connect(), connack({ properties: { receiveMaximum: 1 } }), client(q1(1)), server(ack('puback', 1)), client(q1(2))],
  ],
  'over-receive-maximum-of-client': [
    [
      connect({ properties: { receiveMaximum: 1 } }),
      connack(),
      client(subscribe({ qos: 1 })),
      server(suback(1, [1])),
      server(q1(1)),
      server(q1(2)),
    ],
    [
      connect({ properties: { receiveMaximum: 1 } }),
      connack(),
      client(subscribe({ qos: 1 })),
      server(suback(1, [1])),
      server(q1(1)),
      client(ack('puback', 1)),
      server(q1(2)),
    ],
  ],
  'suback-count': [
    [...connected, client(subscribe()), server(suback(1, [0, 0]))],
    [...connected, client(subscribe()), server(suback())],
  ],
  'unsuback-count': [
    [...subscribed, client(unsubscribe()), server(unsuback(2, [0, 0]))],
    [...subscribed, client(unsubscribe()), server(unsuback())],
  ],
  'granted-more': [
    [...connected, client(subscribe()), server(suback(1, [1]))],
    [...connected, client(subscribe({ qos: 1 })), server(suback(1, [0]))],
  ],
  'unsubscribed-unknown': [
    [...subscribed, client(unsubscribe()), server(unsuback(2, [0x11]))],
    [...subscribed, client(unsubscribe('b')), server(unsuback(2, [0x11]))],
  ],
  'no-matching-subscription': [
    [...subscribed, server(publish({ topic: 'b' }))],
    [...subscribed, server(publish())],
  ],
  'dollar-topic': [
    [...connected, client(subscribe({ filter: '#' })), server(suback()), server(publish({ topic: '$x' }))],
    [...connected, client(subscribe({ filter: '$x/#' })), server(suback()), server(publish({ topic: '$x' }))],
  ],
  'after-unsubscribe': [
    [...subscribed, client(unsubscribe()), server(unsuback()), wait(15_000), server(publish())],
    [...subscribed, client(unsubscribe()), server(publish()), server(unsuback()), server(publish())],
  ],
  'qos-over-granted': [
    [...connected, client(subscribe()), server(suback()), server(q1(1))],
    [...connected, client(subscribe({ qos: 1 })), server(suback(1, [1])), server(q1(1))],
  ],
  'retained-unwanted': [
    [...connected, client(subscribe({ retainHandling: 2 })), server(suback()), server(retained)],
    [
      ...connected,
      client(subscribe({ retainHandling: 2, retainAsPublished: true })),
      server(suback()),
      server(retained),
    ],
  ],
  'retained-again': [
    [
      ...connected,
      client(subscribe({ retainHandling: 2 })),
      server(suback()),
      client(subscribe({ retainHandling: 1 }, 2)),
      server(suback(2)),
      server(retained),
    ],
    [...connected, client(subscribe({ retainHandling: 1 })), server(suback()), server(retained)],
  ],
  'identifiers-missing': [
    [...connected, client(subscribe({}, 1, 5)), server(suback()), server(publish())],
    [
      ...connected,
      client(subscribe({}, 1, 5)),
      server(suback()),
      server(publish({ properties: { subscriptionIdentifiers: [5] } })),
    ],
  ],
  'foreign-identifier': [
    [
      ...connected,
      client(subscribe({}, 1, 5)),
      server(suback()),
      server(publish({ properties: { subscriptionIdentifiers: [6] } })),
    ],
    [
      ...connected,
      client(subscribe({}, 1, 5)),
      server(suback()),
      server(publish({ properties: { subscriptionIdentifiers: [5] } })),
    ],
  ],
  'own-message': [
    [...connected, client(subscribe({ noLocal: true })), server(suback()), client(hello), server(hello)],
    [...connected, client(subscribe()), server(suback()), client(hello), server(hello)],
  ],
  'not-resent': [
    [...resumable, client(q1(1)), ...resumed, wait(30_000)],
    [...resumable, client(q1(1)), ...resumed, client(q1(1, true)), server(ack('puback', 1)), wait(30_000)],
  ],
  'late-answer': [
    [...connected, client(q1(1)), wait(30_000)],
    [...connected, client(q1(1)), wait(3000), server(ack('puback', 1))],
  ],
};
