/** Invents a history from a number. */
import type { ProtocolVersion, QoS } from '@omqtt/codec';
import type { SessionOptions, WhenFull } from '@omqtt/core/session';
import { makeAct } from './make-act.ts';
import { makeLimits } from './make-limits.ts';
import type { ClientSetup, Fault, Plan, Setup, Step } from './plan.ts';
import { Random } from './random.ts';

export interface PlanOptions {
  readonly faults: ReadonlySet<Fault>;
  /** Default: either. */
  readonly version?: ProtocolVersion | undefined;
}

export function makePlan(seed: number, options: PlanOptions): Plan {
  const random = Random.for(seed, 0);
  const setup = makeSetup(random, options);
  return { seed, setup, steps: makeSteps(random, setup, options.faults) };
}

function makeSetup(random: Random, { faults, version: wanted }: PlanOptions): Setup {
  const version = wanted ?? (random.percent(70) ? '5.0' : '3.1.1');
  const hasStore = random.percent(45);
  return {
    version,
    session: makeSessionOptions(random, hasStore),
    clientId: random.percent(version === '5.0' ? 85 : 100) ? 'c' : '',
    client: makeClientSetup(random, version),
    hasStore,
    network: {
      delayMs: faults.has('delay') ? random.pick([0, 2, 20, 200]) : 0,
      slices: faults.has('slice') && random.percent(50),
    },
    broker: {
      limits: version === '5.0' && faults.has('limits') && random.percent(60) ? makeLimits(random) : {},
      delayMs: faults.has('delay') ? random.pick([0, 0, 5, 100, 1000]) : 0,
      refusesPercent: faults.has('refuse') ? random.pick([0, 0, 10, 30]) : 0,
      limitsBindSessions: !faults.has('shrinking-limits'),
      countsAnew: faults.has('excess') && random.percent(20),
    },
    application: {
      delayMs: faults.has('delay') ? random.pick([0, 5, 300, 5000]) : 0,
      refusesPercent: faults.has('refuse') ? random.pick([0, 0, 10, 30]) : 0,
    },
    closesEarly: random.percent(15),
  };
}

function makeSessionOptions(random: Random, hasStore: boolean): SessionOptions {
  const whenFull: readonly WhenFull[] = ['wait', 'wait', 'reject', 'drop-oldest', 'drop-newest', 'latest-per-topic'];
  return {
    receiveMaximum: random.pick([1, 2, 3, 10, 65_535]),
    topicAliasMaximum: random.pick([0, 1, 2, 10]),
    outboundAliases: random.pick([0, 1, 2, 16]),
    pingTimeoutMs: random.pick([1500, 4000]),
    queue: {
      maxMessages: random.pick([1, 3, 10, 1000]),
      maxBytes: random.pick([60, 1000, 1_000_000]),
      whenFull: random.pick(whenFull),
      qos0: random.pick(['drop', 'queue']),
    },
    whenLost: { qos1: random.pick(['republish', 'fail']), qos2: random.pick(['republish', 'fail', 'fail']) },
    adopt: random.percent(20),
    persists: hasStore,
  };
}

function makeClientSetup(random: Random, version: ProtocolVersion): ClientSetup {
  return {
    cleanStart: random.percent(30),
    keepAliveSeconds: random.pick([0, 4, 10, 30]),
    expirySeconds: version === '5.0' ? random.pick([0, 5, 3600, 3600, 0xffff_ffff]) : 0,
    wantsProblemInformation: version === '3.1.1' || random.percent(80),
    maximumPacketBytes: version === '5.0' && random.percent(15) ? random.between(60, 200) : undefined,
  };
}

// Things happen in flurries, with pauses between them that let a reconnect or a time-out come in.
function makeSteps(random: Random, setup: Setup, faults: ReadonlySet<Fault>): Step[] {
  const steps: Step[] = [];
  const count = random.between(6, 44);
  let at = 0;
  const subscriptions = [wholeTree(random)];
  if (random.percent(70)) steps.push({ at, act: 'subscribe', subscriptions, identifier: undefined });
  while (steps.length < count) {
    at += random.percent(65) ? random.below(6) : random.percent(75) ? random.below(400) : random.below(7000);
    steps.push({ at, ...makeAct(random, setup, faults) });
  }
  return steps;
}

function wholeTree(random: Random): {
  filter: string;
  qos: QoS;
  noLocal: false;
  retainAsPublished: false;
  retainHandling: 0;
} {
  return { filter: '#', qos: random.percent(60) ? 2 : 1, noLocal: false, retainAsPublished: false, retainHandling: 0 };
}
