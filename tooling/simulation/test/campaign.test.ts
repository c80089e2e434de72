import { Session } from '@omqtt/core/session';
import { describe, expect, test } from 'vitest';
import { HistoryFailure, runCampaign, type CampaignOptions } from '../src/campaign.ts';
import { describeFailure, describeReport, packetsOf } from '../src/campaign-text.ts';
import { loadMutant, mutants, type Mutant } from '../src/mutants.ts';
import { usualFaults } from '../src/plan.ts';
import { Violation } from '../src/violation.ts';

const faults = new Set(usualFaults);

test('20 000 histories break no rule', { timeout: 180_000 }, () => {
  const { coverage, histories } = runCampaign({ seed: 20_260_417, histories: 20_000, faults, Session });

  // Histories in which little happens would show little.
  expect(packetsOf(coverage.counts) / histories).toBeGreaterThan(40);
  for (const kind of rareKinds) expect.soft(coverage.of(kind), kind).toBeGreaterThan(50);
});

const rareKinds = [
  'crash',
  'session: lost',
  'session: resumed',
  'store: failed',
  'store: fatal',
  'broker: keep-alive over',
  'network: cut',
  'up: alias used',
  'up: publish QoS 1 again',
  'up: publish QoS 2 again',
  'down: publish QoS 2 again',
  'served: more than announced',
  'publish: session-lost',
  'publish: message-expired',
  'publish: message-dropped',
  'publish: server-limit',
  'publish: closed',
  'ping: keep-alive-timeout',
];

test('a history is the same whenever it is played', () => {
  const one = runCampaign({ seed: 3, histories: 1, first: 17, faults, Session });
  const other = runCampaign({ seed: 3, histories: 1, first: 17, faults, Session });

  expect(one).toEqual(other);
});

test('the report counts what happened', () => {
  const report = runCampaign({ seed: 3, histories: 20, faults, Session });

  expect(describeReport(report)).toMatch(/^[\d.]+ packets and [\d.]+ steps in a history\n/);
});

test.each(['5.0', '3.1.1'] as const)('histories can keep to version %s', (version) => {
  const { coverage } = runCampaign({ seed: 5, histories: 100, faults, version, Session });

  expect(coverage.of('up: connect')).toBeGreaterThan(100);
  expect(coverage.of('up: alias set') > 0).toBe(version === '5.0');
});

test('without faults every connection lasts until it is ended on purpose', () => {
  const { coverage } = runCampaign({ seed: 5, histories: 200, faults: new Set(), Session });

  expect(coverage.of('network: cut')).toBe(0);
  expect(coverage.of('connect: success')).toBeGreaterThan(200);
});

describe('a broken session is found within 10 000 histories when', () => {
  test.each(mutants)('$name', { timeout: 60_000 }, async (mutant) => {
    const Mutated = await loadMutant(mutant);

    const failure = failureOf({ seed: 7, histories: 10_000, faults, Session: Mutated, shrinks: false });

    expect(failure.cause).toBeInstanceOf(Violation);
  });
});

describe('a failure', async () => {
  const Mutated = await loadMutant(mutants[1] as Mutant);
  const failure = failureOf({ seed: 7, histories: 10_000, faults, Session: Mutated });

  test('comes with a script of nothing but what it takes', () => {
    expect(failure.plan.steps.length).toBeLessThan(8);
    expect(describeFailure(failure)).toMatch(/\d+ ms publish /);
  });

  test('can be played again', () => {
    expect(describeFailure(failure)).toContain(`npm run simulate -- --seed 7 --only-history ${failure.number}`);
    expect(failureOf({ seed: 7, histories: 1, first: failure.number, faults, Session: Mutated })).toEqual(failure);
  });
});

function failureOf(options: CampaignOptions): HistoryFailure {
  try {
    runCampaign(options);
  } catch (error) {
    if (error instanceof HistoryFailure) return error;
    throw error;
  }
  throw new Error('The planted bug was not found.');
}
