/**
 * `--assert`, for CI:
 *
 *     never(EXPR) · count(EXPR) OP N · within(EXPR -> EXPR, 2s) · EXPR, which is count(EXPR) >= 1
 */
import { compileFilter, type PacketRecord } from '@omqtt/inspect';
import { InspectorOptionError } from '../inspector-errors.ts';

type Test = (record: PacketRecord) => boolean;
type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=';

export type Assertion =
  | { readonly type: 'never'; readonly text: string; readonly test: Test }
  | {
      readonly type: 'count';
      readonly text: string;
      readonly test: Test;
      readonly operator: Operator;
      readonly count: number;
    }
  | {
      readonly type: 'within';
      readonly text: string;
      readonly first: Test;
      readonly answer: Test;
      readonly limitMs: number;
    };

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };

export function parseAssertion(text: string): Assertion {
  const never = /^\s*never\s*\((.*)\)\s*$/s.exec(text);
  if (never) return { type: 'never', text, test: testOf(text, never[1]) };
  const count = /^\s*count\s*\((.*)\)\s*(!=|<=|>=|=|<|>)\s*(\d+)\s*$/s.exec(text);
  if (count) {
    const [, filter, operator = '=', number] = count;
    return { type: 'count', text, test: testOf(text, filter), operator: operator as Operator, count: Number(number) };
  }
  const within = /^\s*within\s*\((.*?)->(.*),\s*(\d+(?:\.\d+)?)\s*(ms|s|m)\s*\)\s*$/s.exec(text);
  if (within) {
    const [, first, answer, amount, unit = 's'] = within;
    const limitMs = Number(amount) * (units[unit] ?? 1000);
    return { type: 'within', text, first: testOf(text, first), answer: testOf(text, answer), limitMs };
  }
  if (/^\s*(?:never|count|within)\s*\(/.test(text)) {
    throw new InspectorOptionError(
      '--assert',
      `${JSON.stringify(text)}: write never(EXPR), count(EXPR) >= N or within(EXPR -> EXPR, 2s).`,
    );
  }
  return { type: 'count', text, test: testOf(text, text), operator: '>=', count: 1 };
}

function testOf(assertion: string, filter = ''): Test {
  return testOfFilter('--assert', filter.trim(), assertion);
}

/** `option` is named in the error, with the place in the filter that is wrong. */
export function testOfFilter(option: string, filter: string, within: string = filter): Test {
  const { matches, problems } = compileFilter(filter);
  if (matches) return matches;
  const [problem] = problems;
  const place = problem ? ` (${problem.message}, at ${JSON.stringify(filter.slice(problem.start, problem.end))})` : '';
  throw new InspectorOptionError(option, `${JSON.stringify(within)} is no filter${place}.`);
}

export function compare(operator: Operator, left: number, right: number): boolean {
  switch (operator) {
    case '=':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
  }
}
