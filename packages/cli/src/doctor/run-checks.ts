/** Runs checks one after the other; none of them can end the others, and nothing stays open. */
import { randomBytes } from 'node:crypto';
import { messageOf } from '../explain-failure.ts';
import { connectOn, type RawBroker } from '../raw/open-raw.ts';
import type { RawLine } from '../raw/raw-line.ts';
import type { Check, CheckContext, CheckResult, Verdict } from './check.ts';

export interface CheckRun {
  readonly broker: RawBroker;
  readonly patienceMs: number;
  readonly stop: AbortSignal;
}

export async function runChecks(checks: readonly Check[], run: CheckRun): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of checks) {
    const result = await runCheck(check, run);
    // What was interrupted says nothing about the broker.
    if (run.stop.aborted) throw run.stop.reason;
    results.push(result);
    // Without a way to the broker all others would fail for the same reason.
    if (result.status === 'fail' && (check.layer === 'network' || check.layer === 'connect')) break;
  }
  return results;
}

async function runCheck(check: Check, { broker, patienceMs }: CheckRun): Promise<CheckResult> {
  const lines: RawLine[] = [];
  const keep = (line: RawLine): RawLine => {
    lines.push(line);
    return line;
  };
  const context: CheckContext = {
    broker,
    patienceMs,
    topic: `omqtt/doctor/${randomBytes(6).toString('hex')}`,
    dial: async () => keep(await broker.dial()),
    connect: async (changes) => {
      // Kept before it is known whether the broker accepts, since a refusal is to be seen.
      const line = keep(await broker.dial());
      return [line, await connectOn(line, broker, changes)];
    },
  };
  const startedAt = performance.now();
  const verdict = await check
    .run(context)
    .catch((error: unknown): Verdict => ({ status: 'fail', detail: messageOf(error) }));
  const { layer, name, statements } = check;
  const traces = verdict.status === 'fail' ? lines.map(({ trace }) => trace.slice()) : [];
  for (const line of lines) line.destroy();
  return { layer, name, statements, ...verdict, tookMs: Number((performance.now() - startedAt).toFixed(2)), traces };
}
