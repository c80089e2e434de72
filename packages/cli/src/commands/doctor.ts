/** `omqtt doctor`: looks at the way to a broker, at what it says, and at what it does. */
import { formatTree, Inspection, redact } from '@omqtt/inspect';
import { parseUrl } from 'omqtt';
import { ExpectationError, UsageError } from '../cli-error.ts';
import type { Task } from '../command.ts';
import { brokerUrls } from '../connect/broker-address.ts';
import { connectChecks } from '../doctor/connect-checks.ts';
import type { Check, CheckResult } from '../doctor/check.ts';
import { featureChecks } from '../doctor/feature-checks.ts';
import { hostileChecks } from '../doctor/hostile-checks.ts';
import { reachChecks } from '../doctor/reach-checks.ts';
import { type DoctorReport, formatDoctor, worst } from '../doctor/report-forms.ts';
import { runChecks } from '../doctor/run-checks.ts';
import { exitCodes } from '../exit-codes.ts';
import * as option from '../options/doctor-options.ts';
import { json } from '../options/output-options.ts';
import { rawBroker } from '../raw/open-raw.ts';
import type { TracedBytes } from '../raw/raw-line.ts';

export async function run(task: Task): Promise<number> {
  const { settings, io, words } = task;
  const [given] = words;
  const urls = given === undefined ? await brokerUrls(settings) : [given];
  const reports: DoctorReport[] = [];
  for (const url of urls) reports.push(await examine(task, url));
  const form = settings.get(option.doctorForm) ?? (settings.get(json) === true ? 'json' : 'text');
  io.out.line(formatDoctor(reports, form));
  const results = reports.flatMap((report) => report.results);
  const state = worst(results);
  if (form === 'nagios') return { ok: 0, warn: 1, fail: 2 }[state];
  if (state !== 'fail') return exitCodes.done;
  const failures = results.filter(({ status }) => status === 'fail').length;
  throw new ExpectationError(`${failures} ${failures === 1 ? 'check' : 'checks'} failed`);
}

async function examine(task: Task, url: string): Promise<DoctorReport> {
  const { settings, io } = task;
  const broker = await rawBroker(task, url);
  const level = settings.get(option.level) ?? 'quick';
  if (level !== 'quick' && broker.version !== '5.0') {
    throw new UsageError('the levels full and hostile speak MQTT 5.0: leave -V out');
  }
  const { target } = parseUrl(url, broker.options);
  const checks: readonly Check[] = [
    ...reachChecks(target, settings.get(option.expiryWarning) ?? 14),
    ...connectChecks,
    ...(level === 'quick' ? [] : featureChecks),
    ...(level === 'hostile' ? hostileChecks : []),
  ];
  const results = await runChecks(checks, { broker, patienceMs: settings.get(option.patience) ?? 3000, stop: io.stop });
  return { url: url.replace(/\/\/[^/@]*@/, '//'), results, packetsOf };
}

function packetsOf({ traces }: CheckResult): readonly string[] {
  return traces.flatMap(treesOf);
}

/** Masked, like everything that is shown of packets. */
function treesOf(trace: readonly TracedBytes[], index: number): readonly string[] {
  const inspection = new Inspection({ assumedVersion: '5.0' });
  const name = `line ${index + 1}`;
  return trace
    .flatMap(({ direction, bytes, at }) => inspection.bytes(name, direction, { chunk: bytes, at }))
    .map((record) => formatTree(redact(record)));
}
