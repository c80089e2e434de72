/** A plan as a script that people read. */
import type { Plan, Step } from './plan.ts';

export function describePlan({ seed, setup, steps }: Plan): string {
  return [`seed ${seed}`, ...describeSetup(setup), ...steps.map(describeStep)].map((line) => `  ${line}`).join('\n');
}

function describeSetup(setup: object): string[] {
  return Object.entries(setup).map(([name, value]) => `${name}: ${describeValue(value)}`);
}

function describeStep({ at, act, ...rest }: Step): string {
  return `${String(at).padStart(6)} ms ${act} ${describeValue(rest)}`;
}

function describeValue(value: unknown): string {
  return JSON.stringify(value)?.replaceAll(/[{}"]/g, '').replaceAll(',', ', ').replaceAll(':', ' ') ?? 'none';
}
