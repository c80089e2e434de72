/** Plays many histories, and stops at the first that breaks a rule. */
import type { ProtocolVersion } from '@omqtt/codec';
import type { SessionClass } from './client-world.ts';
import { Coverage } from './coverage.ts';
import { makePlan } from './make-plan.ts';
import type { Fault, Plan } from './plan.ts';
import { findFailure, shrink } from './shrink.ts';
import { simulateHistory } from './simulate-history.ts';

export interface CampaignOptions {
  readonly seed: number;
  readonly histories: number;
  /** The number of the first history, to replay one. Default: 0. */
  readonly first?: number;
  readonly faults: ReadonlySet<Fault>;
  readonly version?: ProtocolVersion | undefined;
  readonly Session: SessionClass;
  /** Default: true. */
  readonly shrinks?: boolean;
  readonly onProgress?: (done: number, steps: number) => void;
}

export interface CampaignReport {
  readonly histories: number;
  readonly steps: number;
  readonly coverage: Coverage;
}

/** The first history that went wrong, as short as it could be made. */
export class HistoryFailure extends Error {
  override readonly name = 'HistoryFailure';
  readonly seed: number;
  readonly number: number;
  readonly plan: Plan;

  constructor(where: { readonly seed: number; readonly number: number }, plan: Plan, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`seed ${where.seed}, history ${where.number}: ${reason}`, { cause });
    this.seed = where.seed;
    this.number = where.number;
    this.plan = plan;
  }
}

export function runCampaign(options: CampaignOptions): CampaignReport {
  const { seed, histories, first = 0, faults, version, Session, shrinks = true, onProgress } = options;
  const coverage = new Coverage();
  let steps = 0;
  for (let done = 0; done < histories; done += 1) {
    const number = first + done;
    const plan = makePlan(seedOf(seed, number), { faults, version });
    try {
      const report = simulateHistory(plan, Session);
      coverage.add(report.coverage);
      steps += report.steps;
    } catch (error) {
      throw explain({ seed, number }, shrinks ? shrink(plan, Session) : plan, { Session, error });
    }
    onProgress?.(done + 1, steps);
  }
  return { histories, steps, coverage };
}

function explain(
  where: { readonly seed: number; readonly number: number },
  plan: Plan,
  { Session, error }: { readonly Session: SessionClass; readonly error: unknown },
): HistoryFailure {
  // The short script breaks the same rule, in its own words.
  return new HistoryFailure(where, plan, findFailure(plan, Session)?.error ?? error);
}

/** The seed of one history, so that it can be played without those before it. */
function seedOf(seed: number, number: number): number {
  return (Math.imul(seed, 0x9e37_79b1) + number) | 0;
}
