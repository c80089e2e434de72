import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/index.ts';
import { tell, type Step } from '../conversation.ts';
import { flowFixtures } from './flow-fixtures.ts';
import { limitFixtures } from './limit-fixtures.ts';
import { sessionFixtures } from './session-fixtures.ts';

function findingsIn(steps: readonly Step[]): Finding[] {
  return tell(steps).records.flatMap(({ findings }) => findings);
}

describe.each(Object.entries({ ...sessionFixtures, ...limitFixtures, ...flowFixtures }))('%s', (rule, [bad, good]) => {
  test('is found in the conversation that breaks it', () => {
    expect(findingsIn(bad).map((finding) => finding.rule)).toContain(rule);
  });

  test('is not found, nor is anything else, in the conversation that keeps it', () => {
    expect(findingsIn(good)).toEqual([]);
  });
});
