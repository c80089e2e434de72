/** What the doctor found, in six forms. */
import { escapeLine } from '../output/terminal-text.ts';
import type { DoctorForm } from '../options/doctor-options.ts';
import type { CheckResult, CheckStatus } from './check.ts';

export interface DoctorReport {
  readonly url: string;
  readonly results: readonly CheckResult[];
  /** Packets of a failed check, as trees. */
  readonly packetsOf: (result: CheckResult) => readonly string[];
}

/** Several where a domain names several servers. */
export function formatDoctor(reports: readonly DoctorReport[], form: DoctorForm): string {
  return forms[form](reports);
}

export function worst(results: readonly CheckResult[]): 'ok' | 'warn' | 'fail' {
  if (results.some(({ status }) => status === 'fail')) return 'fail';
  return results.some(({ status }) => status === 'warn') ? 'warn' : 'ok';
}

const forms: Readonly<Record<DoctorForm, (reports: readonly DoctorReport[]) => string>> = {
  text: asTexts,
  json: (reports) => reports.map(asJson).join('\n'),
  junit: asJunit,
  nagios: asNagios,
  prometheus: asPrometheus,
  md: (reports) => reports.map(asMarkdown).join('\n\n'),
};

const marks: Readonly<Record<CheckStatus, string>> = { ok: 'ok   ', warn: 'WARN ', fail: 'FAIL ', skip: 'skip ' };

function asTexts(reports: readonly DoctorReport[]): string {
  const [only] = reports;
  if (reports.length === 1 && only !== undefined) return asText(only);
  return reports.map((report) => `${escapeLine(report.url)}\n${asText(report)}`).join('\n\n');
}

function asText({ results, packetsOf }: DoctorReport): string {
  const lines = results.flatMap((result) => [
    `${marks[result.status]} ${result.layer.padEnd(10)} ${escapeLine(`${result.name}: ${result.detail}`)}`,
    ...(result.status === 'fail' ? [...statementLine(result), ...packetsOf(result).map(indented)] : []),
  ]);
  return [...lines, summaryOf(results)].join('\n');
}

function statementLine({ statements }: CheckResult): readonly string[] {
  return statements.length === 0 ? [] : [`      see ${statements.join(', ')}`];
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => `      ${line}`)
    .join('\n');
}

function summaryOf(results: readonly CheckResult[]): string {
  const count = (status: CheckStatus): number => results.filter((result) => result.status === status).length;
  return `${count('ok')} ok, ${count('warn')} warnings, ${count('fail')} failed, ${count('skip')} skipped`;
}

function asJson({ url, results, packetsOf }: DoctorReport): string {
  const checks = results.map((result) => {
    const { layer, name, status, detail, statements, tookMs } = result;
    return {
      layer,
      name,
      status,
      detail,
      statements,
      ms: tookMs,
      ...(status === 'fail' && { packets: packetsOf(result) }),
    };
  });
  return JSON.stringify({ v: 1, url, status: worst(results), checks });
}

function asJunit(reports: readonly DoctorReport[]): string {
  const suites = reports.map(junitSuite).join('\n');
  return `<?xml version="1.0" encoding="UTF-8"?>\n${reports.length === 1 ? suites : `<testsuites>\n${suites}\n</testsuites>`}`;
}

function junitSuite({ url, results, packetsOf }: DoctorReport): string {
  const failures = results.filter(({ status }) => status === 'fail').length;
  const skipped = results.filter(({ status }) => status === 'skip').length;
  const cases = results.map((result) => {
    const { layer, name, status, detail, tookMs } = result;
    const head = `  <testcase classname="${xml(layer)}" name="${xml(name)}" time="${(tookMs / 1000).toFixed(3)}">`;
    if (status === 'fail') {
      return `${head}<failure message="${xml(detail)}">${xml(packetsOf(result).join('\n'))}</failure></testcase>`;
    }
    if (status === 'skip') return `${head}<skipped message="${xml(detail)}"/></testcase>`;
    return `${head}<system-out>${xml(detail)}</system-out></testcase>`;
  });
  const counts = `tests="${results.length}" failures="${failures}" skipped="${skipped}"`;
  return `<testsuite name="omqtt doctor ${xml(url)}" ${counts}>\n${cases.join('\n')}\n</testsuite>`;
}

/** One line, whatever there is. */
function asNagios(reports: readonly DoctorReport[]): string {
  const all = reports.flatMap(({ results }) => results);
  const state = { ok: 'OK', warn: 'WARNING', fail: 'CRITICAL' }[worst(all)];
  const isOne = reports.length === 1;
  const bad = reports.flatMap(({ url, results }) =>
    results
      .filter(({ status }) => status === 'fail' || status === 'warn')
      .map(({ name, detail }) => `${isOne ? '' : `${url} `}${name}: ${detail}`),
  );
  const what = bad.length === 0 ? `${all.length} checks` : bad.join('; ');
  const times = reports.flatMap(({ results }, index) => {
    const connectMs = results.find(({ name }) => name === 'CONNECT')?.tookMs;
    return connectMs === undefined ? [] : [` connect${isOne ? '' : index + 1}=${connectMs}ms`];
  });
  // A bar begins the numbers there.
  return `MQTT ${state} - ${escapeLine(what).replaceAll('|', '/')}${times.length === 0 ? '' : ` |${times.join('')}`}`;
}

function asPrometheus(reports: readonly DoctorReport[]): string {
  const rows = reports.flatMap(({ url, results }) =>
    results
      .filter(({ status }) => status !== 'skip')
      .map(({ layer, name, status, tookMs }) => {
        const labels = `{url="${label(url)}",layer="${layer}",check="${label(name)}"}`;
        return [
          `omqtt_check_ok${labels} ${status === 'fail' ? 0 : 1}`,
          `omqtt_check_seconds${labels} ${tookMs / 1000}`,
        ];
      }),
  );
  return [
    '# TYPE omqtt_check_ok gauge',
    ...rows.map(([ok]) => ok),
    '# TYPE omqtt_check_seconds gauge',
    ...rows.map(([, seconds]) => seconds),
  ].join('\n');
}

function asMarkdown({ url, results }: DoctorReport): string {
  const rows = results.map(
    ({ layer, name, status, detail, statements }) =>
      `| ${status} | ${layer} | ${cell(name)} | ${cell(detail)} | ${statements.join(' ')} |`,
  );
  return [
    `# ${cell(url)}`,
    '',
    '| | layer | check | finding | statements |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
    summaryOf(results),
  ].join('\n');
}

function xml(text: string): string {
  return escapeLine(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function label(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function cell(text: string): string {
  return escapeLine(text).replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
