import { Session } from '@omqtt/core/session';
import { describe, expect, test } from 'vitest';
import { HistoryFailure, runCampaign } from '../src/campaign.ts';
import { describeFailure, describeReport, packetsOf } from '../src/campaign-text.ts';
import { loadMutant, mutants } from '../src/mutants.ts';
import { usualFaults } from '../src/plan.ts';

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
  'publish: session-lost',
  'publish: message-expired',
  'publish: message-dropped',
  'publish: server-limit',
  'publish: closed',
  'connect: unknown-session',
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
  const some = mutants.filter(({ name }) =>
    ['a slot is released twice', 'PUBREL is not sent again', 'aliases outlive the connection'].includes(name),
  );

  test.each(some)('$name', { timeout: 60_000 }, async (mutant) => {
    const Mutated = await loadMutant(mutant);

    const failure = failureOf(() => runCampaign({ seed: 7, histories: 10_000, faults, Session: Mutated }));

    // As short as it gets, the script is nothing but what it takes.
    expect(failure.plan.steps.length).toBeLessThan(8);
    const text = describeFailure(failure);
    expect(text).toContain(`npm run simulate -- --seed 7 --only-history ${failure.number}`);
    expect(text).toMatch(/\d+ ms publish /);
    expect(
      failureOf(() => runCampaign({ seed: 7, histories: 1, first: failure.number, faults, Session: Mutated })),
    ).toEqual(failure);
  });
});

function failureOf(run: () => unknown): HistoryFailure {
  try {
    run();
  } catch (error) {
    if (error instanceof HistoryFailure) return error;
    throw error;
  }
  throw new Error('The planted bug was not found.');
}
