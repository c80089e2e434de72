/** Makes a script that fails as short as it gets, as long as the same rule is broken. */
import type { SessionClass } from './client-world.ts';
import type { Plan, Setup } from './plan.ts';
import { simulateHistory } from './simulate-history.ts';
import { Violation } from './violation.ts';

/** What a history breaks: the rule, or the kind of error; `undefined` when all is well. */
export function findFailure(
  plan: Plan,
  Session: SessionClass,
): { readonly rule: string; readonly error: unknown } | undefined {
  try {
    simulateHistory(plan, Session);
    return undefined;
  } catch (error) {
    const rule = error instanceof Violation ? error.rule : error instanceof Error ? error.name : 'thrown';
    return { rule, error };
  }
}

/** The smallest plan that was found, in at most `attempts` histories. */
export function shrink(plan: Plan, Session: SessionClass, attempts = 2000): Plan {
  const rule = findFailure(plan, Session)?.rule;
  const search: Search = {
    smallest: plan,
    left: attempts,
    try(candidate) {
      this.left -= 1;
      if (this.left < 0 || findFailure(candidate, Session)?.rule !== rule) return false;
      this.smallest = candidate;
      return true;
    },
  };
  for (let before = -1; before !== sizeOf(search.smallest) && search.left > 0;) {
    before = sizeOf(search.smallest);
    removeSteps(search);
    simplify(search);
    for (const index of search.smallest.steps.keys()) shortenBurst(search, index);
  }
  return search.smallest;
}

interface Search {
  smallest: Plan;
  /** How many histories may still be played. */
  left: number;
  /** Takes the plan if it fails in the same way. */
  try(candidate: Plan): boolean;
}

// Halves first, then quarters, and single steps last.
function removeSteps(search: Search): void {
  for (let size = Math.ceil(search.smallest.steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < search.smallest.steps.length;) {
      const plan = search.smallest;
      const isNeedless = search.try({ ...plan, steps: plan.steps.toSpliced(start, size) });
      if (!isNeedless) start += size;
    }
  }
}

function simplify(search: Search): void {
  for (const simpler of simplifications(search.smallest.setup)) {
    search.try({ ...search.smallest, setup: { ...search.smallest.setup, ...simpler } });
  }
}

function simplifications({ network, broker, application, client, session }: Setup): readonly Partial<Setup>[] {
  const { limits } = broker;
  return [
    { network: { ...network, slices: false } },
    { network: { ...network, delayMs: 0 } },
    { broker: { ...broker, delayMs: 0 } },
    { broker: { ...broker, refusesPercent: 0 } },
    ...Object.keys(limits).map((name) => ({ broker: { ...broker, limits: { ...limits, [name]: undefined } } })),
    { application: { ...application, delayMs: 0 } },
    { application: { ...application, refusesPercent: 0 } },
    { client: { ...client, keepAliveSeconds: 0 } },
    { client: { ...client, cleanStart: false } },
    { client: { ...client, wantsProblemInformation: true } },
    { client: { ...client, maximumPacketBytes: undefined } },
    { session: { ...session, queue: { ...session.queue, maxMessages: 1000, maxBytes: 1_000_000, whenFull: 'wait' } } },
    { session: { ...session, receiveMaximum: 65_535 } },
    { session: { ...session, topicAliasMaximum: 0 } },
    { hasStore: false, session: { ...session, persists: false } },
    { clientId: 'c' },
    { closesEarly: false },
  ];
}

function shortenBurst(search: Search, index: number): void {
  const plan = search.smallest;
  const step = plan.steps[index];
  if (step === undefined || !('count' in step)) return;
  if (step.count > 1) search.try({ ...plan, steps: plan.steps.with(index, { ...step, count: step.count - 1 }) });
}

function sizeOf({ steps, setup }: Plan): number {
  const bursts = steps.reduce((sum, step) => sum + ('count' in step ? step.count : 1), 0);
  return bursts * 10_000 + JSON.stringify(setup).length;
}
