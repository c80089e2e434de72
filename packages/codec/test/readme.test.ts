import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readExamples, runExample } from '@omqtt/readme-examples';
import { expect, test } from 'vitest';
import { problemFacts, type Problem } from '../src/index.ts';

const folder = join(import.meta.dirname, '..');
const readme = readFileSync(join(folder, 'README.md'), 'utf8');

test('the example in the README prints what it says', async () => {
  const [{ program, promised }] = readExamples(folder);
  expect(await runExample(program, { folder })).toEqual(promised);
});

test('the README gives each problem the reason code that it has', () => {
  const rows = Array.from(readme.matchAll(/^\| (0x8\d)[^|]*\|(.*)\|$/gm), ([, code, list]) => [code, list] as const);
  const finer = readme.match(/^\| finer ones[^|]*\|(.*)\|$/m)?.[1]?.split(', ') ?? [];
  const all = [...rows, ...finer.map((part) => [part.trim().slice(0, 4), part] as const)];
  const stated = all.flatMap(([code, list]) =>
    Array.from(list?.matchAll(/`([^`]+)`/g) ?? [], ([, problem]) => [problem, Number(code)] as const),
  );
  const actual = stated.map(([problem]) => [problem, problemFacts(problem as Problem, '5.0').reasonCode]);
  expect(actual).toEqual(stated);
  expect(new Set(stated.map(([problem]) => problem))).toEqual(new Set(Object.keys(everyProblem)));
});

/** Does not compile when a problem is added or goes. */
const everyProblem: Readonly<Record<Problem, true>> = {
  truncated: true,
  'trailing-bytes': true,
  'bad-variable-integer': true,
  'reserved-type': true,
  'reserved-flags': true,
  'reserved-options': true,
  'ill-formed-text': true,
  'null-character': true,
  'text-too-long': true,
  'misplaced-property': true,
  'repeated-property': true,
  'bad-qos': true,
  'dup-at-qos-0': true,
  'bad-packet-id': true,
  'unexpected-packet-id': true,
  'bad-reason-code': true,
  'wrong-direction': true,
  'unsupported-protocol': true,
  'bad-connect-flags': true,
  'bad-connack-flags': true,
  'session-present-on-failure': true,
  'password-without-username': true,
  'empty-client-id': true,
  'empty-topic': true,
  'empty-filter': true,
  'wildcard-in-topic': true,
  'misplaced-hash': true,
  'misplaced-plus': true,
  'bad-share': true,
  'bad-topic-alias': true,
  'no-filters': true,
  'no-reason-codes': true,
  'bad-options': true,
  'no-authentication-method': true,
  'packet-too-large': true,
  'bad-value': true,
  'only-in-5.0': true,
};
