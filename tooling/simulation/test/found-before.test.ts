/** Scripts that once broke a rule, as short as the simulation made them. */
import type { SubscriptionRequest } from '@omqtt/codec';
import { Session } from '@omqtt/core/session';
import { expect, test } from 'vitest';
import type { Setup, Step } from '../src/plan.ts';
import { simulateHistory } from '../src/simulate-history.ts';

interface Script {
  readonly title: string;
  readonly setup: Partial<Setup>;
  readonly steps: readonly Step[];
}

const message = { count: 1, payloadBytes: 8, expirySeconds: undefined, retain: false, alias: 'never' } as const;
const few = { count: 1, payloadBytes: 8, expirySeconds: undefined } as const;
const refusing = { delayMs: 0, refusesPercent: 100 };
const everything: SubscriptionRequest = {
  filter: '#',
  qos: 2,
  noLocal: false,
  retainAsPublished: false,
  retainHandling: 0,
};

const plain: Setup = {
  version: '5.0',
  session: {
    receiveMaximum: 65_535,
    topicAliasMaximum: 0,
    outboundAliases: 0,
    pingTimeoutMs: 1500,
    queue: { maxMessages: 1000, maxBytes: 1_000_000, whenFull: 'wait', qos0: 'queue' },
    whenLost: { qos1: 'republish', qos2: 'fail' },
    adopt: false,
    persists: false,
  },
  clientId: 'c',
  client: {
    cleanStart: false,
    keepAliveSeconds: 10,
    expirySeconds: 3600,
    wantsProblemInformation: true,
    maximumPacketBytes: undefined,
  },
  hasStore: false,
  network: { delayMs: 0, slices: false },
  broker: { limits: {}, delayMs: 0, refusesPercent: 0, limitsBindSessions: true, countsAnew: false },
  application: { delayMs: 0, refusesPercent: 0 },
  closesEarly: false,
};

const scripts: readonly Script[] = [
  {
    // The second goodbye leaves before CONNACK has come, so the client knows nothing of the session that it meets next.
    title: 'a session of 3.1.1 that was to end is not resumed in another one',
    setup: {
      version: '3.1.1',
      client: { ...plain.client, cleanStart: true, expirySeconds: 0 },
      network: { delayMs: 200, slices: false },
    },
    steps: [
      { at: 1000, act: 'subscribe', subscriptions: [everything], identifier: undefined },
      { at: 2900, act: 'publish', topic: 't/c', qos: 2, ...message },
      { at: 3100, act: 'disconnect', expirySeconds: undefined, awayMs: 1, cleanStart: false },
      { at: 3390, act: 'disconnect', expirySeconds: undefined, awayMs: 50, cleanStart: false },
    ],
  },
  {
    title: 'a clock that is set back while connecting does not put off the first ping',
    setup: { network: { delayMs: 20, slices: false } },
    steps: [
      { at: 2, act: 'jump', byMs: -3_600_000 },
      { at: 600, act: 'silence' },
    ],
  },
  {
    title: 'a refusal explains itself only as far as the broker has room',
    setup: { broker: { ...plain.broker, limits: { maximumPacketBytes: 64 } }, application: refusing },
    steps: [
      { at: 0, act: 'subscribe', subscriptions: [everything], identifier: undefined },
      { at: 12, act: 'serve', topic: 'u/a', qos: 2, ...few, count: 40 },
      { at: 13, act: 'serve', topic: 'u/a', qos: 1, ...few, count: 40 },
    ],
  },
  {
    title: 'an alias does not make a message larger than the broker allows',
    setup: {
      session: { ...plain.session, outboundAliases: 2 },
      broker: { ...plain.broker, limits: { maximumPacketBytes: 160, topicAliasMaximum: 2 } },
    },
    steps: [{ at: 100, act: 'publish', topic: 't/b', qos: 0, ...message, payloadBytes: 151, alias: 'try' }],
  },
  {
    title: 'an unsubscribed filter does not come back with a lost session',
    setup: { network: { delayMs: 20, slices: false } },
    steps: [
      { at: 439, act: 'subscribe', subscriptions: [everything], identifier: undefined },
      { at: 440, act: 'unsubscribe', filters: ['#'] },
      { at: 440, act: 'forget-session' },
    ],
  },
  {
    title: 'a refusal in 3.1.1 is as good as a success',
    setup: { version: '3.1.1', hasStore: true, session: { ...plain.session, persists: true }, application: refusing },
    steps: [
      { at: 0, act: 'subscribe', subscriptions: [everything], identifier: undefined },
      { at: 100, act: 'serve', topic: 't/a', qos: 2, ...few },
    ],
  },
  {
    title: 'messages of QoS 0 that waited are not overtaken',
    setup: { network: { delayMs: 20, slices: false }, broker: { ...plain.broker, limits: { receiveMaximum: 1 } } },
    steps: [
      { at: 0, act: 'publish', topic: 't/a', qos: 2, ...message, count: 3 },
      { at: 1, act: 'publish', topic: 't/c', qos: 0, ...message, count: 2 },
      { at: 60, act: 'publish', topic: 't/c', qos: 0, ...message },
    ],
  },
  {
    title: 'a cancelled subscription that the broker does not allow whole is not divided after a newer one',
    setup: {
      network: { delayMs: 200, slices: false },
      broker: { ...plain.broker, limits: { sharedSubscriptionAvailable: false }, delayMs: 100 },
    },
    steps: [
      {
        at: 0,
        act: 'subscribe',
        subscriptions: ['t/b', '$share/g/t/b', 'u/#'].map((filter) => ({ ...everything, filter, qos: 1 })),
        identifier: undefined,
      },
      { at: 1, act: 'subscribe', subscriptions: [{ ...everything, filter: 't/b' }], identifier: undefined },
      { at: 2, act: 'cancel', back: 1 },
      { at: 300, act: 'cut', direction: 'up', afterBytes: 18 },
    ],
  },
  {
    title: 'a clock that is set forward over the expiry of a message does not silence the keep-alive',
    setup: {
      client: { ...plain.client, keepAliveSeconds: 4 },
      network: { delayMs: 200, slices: false },
      broker: { ...plain.broker, limits: { receiveMaximum: 1 } },
    },
    steps: [
      { at: 5, act: 'cut', direction: 'down', afterBytes: 1 },
      { at: 478, act: 'publish', topic: 't/b', qos: 1, ...message, count: 3 },
      { at: 479, act: 'publish', topic: 't/b', qos: 1, ...message, expirySeconds: 100 },
      { at: 480, act: 'jump', byMs: 3_600_000 },
      { at: 1079, act: 'silence' },
    ],
  },
  {
    // The limits are told in a CONNACK that is on its way when the message is published. Refusing it takes the message
    // out of the store, and the process dies before it can say so.
    title: 'what is beyond limits that come later is not lost when nobody was left to hear of the refusal',
    setup: {
      hasStore: true,
      session: {
        ...plain.session,
        receiveMaximum: 3,
        outboundAliases: 16,
        queue: { ...plain.session.queue, maxBytes: 60, qos0: 'drop' },
        whenLost: { qos1: 'fail', qos2: 'fail' },
        persists: true,
      },
      client: { ...plain.client, keepAliveSeconds: 30 },
      network: { delayMs: 200, slices: false },
      broker: { ...plain.broker, limits: { maximumQoS: 0 } },
      application: { delayMs: 300, refusesPercent: 0 },
    },
    steps: [
      { at: 170, act: 'publish', topic: 't/b', qos: 2, ...message, payloadBytes: 90, alias: 'try' },
      { at: 172, act: 'slow-store', delayMs: 900, commits: 11 },
      { at: 429, act: 'crash', downMs: 4000 },
    ],
  },
];

test.each(scripts)('$title', ({ setup, steps }) => {
  // The network is another one for each seed.
  for (let seed = 1; seed <= 40; seed += 1) {
    expect(() => simulateHistory({ seed, setup: { ...plain, ...setup }, steps }, Session)).not.toThrow();
  }
});

test('a message as large as the broker allows is sent', () => {
  const setup = { ...plain, broker: { ...plain.broker, limits: { maximumPacketBytes: 128 } } };
  const step = { at: 100, act: 'publish', topic: 'u/a/x', qos: 2, ...message, payloadBytes: 116 } as const;

  const { coverage } = simulateHistory({ seed: 1, setup, steps: [step] }, Session);

  expect(coverage.of('publish: success')).toBe(1);
});
