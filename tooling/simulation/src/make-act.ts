/** Invents the next thing that happens. */
import type { QoS, SubscriptionRequest } from '@omqtt/codec';
import { makeLimits } from './make-limits.ts';
import type { Act, Burst, Fault, Setup } from './plan.ts';
import type { Random } from './random.ts';

type Kind = Act['act'];

const always: readonly (readonly [Kind, number])[] = [
  ['publish', 34],
  ['serve', 20],
  ['subscribe', 6],
  ['unsubscribe', 3],
  ['ping', 3],
  ['cancel', 4],
  ['disconnect', 4],
  ['pause', 1],
];

const withFault: Readonly<Record<Fault, readonly (readonly [Kind, number])[]>> = {
  cut: [
    ['cut', 12],
    ['dismiss', 3],
  ],
  silence: [['silence', 2]],
  refuse: [['turn-away', 2]],
  'lost-session': [['forget-session', 3]],
  limits: [['limits', 5]],
  clock: [['jump', 3]],
  store: [
    ['slow-store', 4],
    ['failing-store', 2],
  ],
  crash: [['crash', 4]],
  slice: [],
  excess: [],
  delay: [],
  'shrinking-limits': [],
};

export function makeAct(random: Random, setup: Setup, faults: ReadonlySet<Fault>): Act {
  const weights = [
    ...always,
    ...[...faults].filter((fault) => applies(fault, setup)).flatMap((fault) => withFault[fault]),
  ];
  return makers[random.weigh(weights)](random, setup);
}

function applies(fault: Fault, { hasStore, version }: Setup): boolean {
  if (fault === 'store' || fault === 'crash') return hasStore;
  return fault !== 'limits' || version === '5.0';
}

const makers: Readonly<Record<Kind, (random: Random, setup: Setup) => Act>> = {
  publish: (random, setup) => ({
    act: 'publish',
    ...makeBurst(random, setup),
    retain: random.percent(10),
    alias: random.percent(5) ? 'always' : random.pick(['never', 'try', 'try']),
  }),
  serve: (random, setup) => ({ act: 'serve', ...makeBurst(random, setup) }),
  subscribe: makeSubscribe,
  unsubscribe: (random) => ({ act: 'unsubscribe', filters: pickSome(random, plainFilters) }),
  ping: () => ({ act: 'ping' }),
  cancel: (random) => ({ act: 'cancel', back: random.below(6) }),
  // A goodbye that ends the session may get lost; whoever adopts sessions would adopt this one, which it takes for dead.
  disconnect: (random, { version, session }) => ({
    act: 'disconnect',
    expirySeconds:
      version === '5.0' && random.percent(30) ? random.pick(session.adopt ? [3, 3600] : [0, 3, 3600]) : undefined,
    awayMs: random.pick([1, 50, 2000, 8000]),
    cleanStart: random.percent(20),
  }),
  pause: (random) => ({ act: 'pause', forMs: random.pick([10, 500, 6000, 25_000]) }),
  cut: (random) => ({
    act: 'cut',
    direction: random.pick(['up', 'down']),
    afterBytes: random.percent(30) ? random.below(8) : random.below(150),
  }),
  silence: () => ({ act: 'silence' }),
  dismiss: (random) => ({ act: 'dismiss', reasonCode: random.pick([0x8b, 0x98, 0x97, 0x8e]) }),
  'turn-away': (random) => ({ act: 'turn-away', reasonCode: random.pick([0x88, 0x87]), times: random.between(1, 3) }),
  'forget-session': () => ({ act: 'forget-session' }),
  limits: (random) => ({ act: 'limits', limits: makeLimits(random) }),
  jump: (random) => ({ act: 'jump', byMs: random.pick([-3_600_000, -5000, -500, 500, 5000, 3_600_000]) }),
  'slow-store': (random) => ({
    act: 'slow-store',
    delayMs: random.pick([0, 5, 100, 900]),
    commits: random.between(1, 12),
  }),
  'failing-store': (random) => ({ act: 'failing-store', commits: random.between(1, 3), isFatal: random.percent(30) }),
  crash: (random) => ({ act: 'crash', downMs: random.pick([0, 100, 4000]) }),
};

const topics = ['t/a', 't/b', 't/c', 'u/a', 'u/a/x'];
const plainFilters = ['t/a', 't/b', 't/+', '+/a', 'u/#', '#'];

function makeBurst(random: Random, { version, broker: { limits } }: Setup): Burst {
  const limit = limits.maximumPacketBytes;
  return {
    topic: random.pick(topics),
    qos: random.pick<QoS>([0, 1, 1, 2, 2, 2]),
    count: random.percent(60) ? 1 : random.between(2, 7),
    // Near the limit of the broker, if it has one: around it mistakes of a byte are made.
    payloadBytes:
      limit !== undefined && random.percent(30) ? random.between(limit - 22, limit) : random.pick([8, 8, 20, 90]),
    expirySeconds: version === '5.0' && random.percent(15) ? random.pick([1, 5, 100]) : undefined,
  };
}

function makeSubscribe(random: Random, { version }: Setup): Act {
  const isV5 = version === '5.0';
  const filters = pickSome(random, isV5 ? [...plainFilters, '$share/g/t/b'] : plainFilters);
  const subscriptions = filters.map((filter): SubscriptionRequest => ({
    filter,
    qos: random.pick<QoS>([0, 1, 2, 2]),
    noLocal: false,
    retainAsPublished: isV5 && random.percent(20),
    retainHandling: isV5 && random.percent(20) ? 2 : 0,
  }));
  return {
    act: 'subscribe',
    subscriptions,
    identifier: isV5 && random.percent(20) ? random.between(1, 300) : undefined,
  };
}

function pickSome(random: Random, filters: readonly string[]): string[] {
  return [...new Set(Array.from({ length: random.between(1, 3) }, () => random.pick(filters)))];
}
