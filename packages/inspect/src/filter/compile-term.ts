/** One term of a filter to a test of a record. */
import { propertyTable, topicMatches, validateTopicFilter } from '@omqtt/codec';
import type { PacketRecord } from '../packet-record.ts';
import { hexOf } from '../text/hex.ts';
import { filterFields, filterFlags, type FilterField } from './filter-fields.ts';
import type { FilterProblem } from './filter-problem.ts';
import { bytePattern, hasBytes, jsonValue, payloadText, searchableText } from './payload-search.ts';
import type { FilterValue, Operator, Token } from './scan.ts';
import { globOf, numberOf, patternOf, timeOf, timeOfDay, unitNames } from './values.ts';

export type RecordTest = (record: PacketRecord, now: number) => boolean;

export interface Compiled {
  readonly test: RecordTest;
  /** 0: a look at the record, 1: text, 2: the payload. Cheap tests run first. */
  readonly cost: 0 | 1 | 2;
}

type Term = Extract<Token, { readonly kind: 'term' }>;
type Report = (problem: FilterProblem) => void;

export function compileText({ value }: Extract<Token, { readonly kind: 'text' }>, report: Report): Compiled {
  const pattern = value.flags === undefined ? undefined : patternOf(value.text, value.flags);
  if (value.flags !== undefined && pattern === undefined) {
    report({ ...placeOf(value), message: 'this is no regular expression' });
  }
  if (pattern) return { cost: 2, test: (record) => pattern.test(searchableText(record)) };
  const wanted = value.text.toLowerCase();
  return { cost: 2, test: (record) => searchableText(record).toLowerCase().includes(wanted) };
}

export function compileTerm(term: Term, report: Report): Compiled {
  const compiled = compileKnown(term, report);
  if (compiled) return compiled;
  return { cost: 0, test: () => false };
}

function compileKnown(term: Term, report: Report): Compiled | undefined {
  const { field, operator, values } = term;
  const [value] = values;
  if (value === undefined || (value.text === '' && value.end === value.start)) {
    report({ start: term.start, end: term.end, message: `${field} needs a value` });
    return undefined;
  }
  if (field === 'is') return compileFlag(value, report);
  if (field === 'has') return compilePresence(value, report);
  if (field === 'bytes') return compileBytes(value, report);
  const source = sourceOf(term, report);
  if (source === undefined) return undefined;
  const { read, kind, cost } = source;
  const test =
    operator === '~' ? regular(value, report) : kind === 'any' ? anyValue(term, report) : compare(term, source, report);
  return test && { cost, test: (record, now) => matchesAny(read(record, now), test) };
}

type ValueTest = (value: unknown) => boolean;

interface Source {
  readonly kind: FilterField['kind'] | 'any';
  readonly words?: readonly string[] | undefined;
  readonly cost: Compiled['cost'];
  readonly read: (record: PacketRecord, now: number) => unknown;
}

function matchesAny(value: unknown, test: ValueTest): boolean {
  if (Array.isArray(value)) return value.some((each) => test(each));
  return value !== undefined && test(value);
}

function sourceOf({ field, start }: Term, report: Report): Source | undefined {
  const known = Object.hasOwn(filterFields, field) ? filterFields[field] : undefined;
  if (known) return { ...known, cost: known.kind === 'text' || known.kind === 'topic' ? 1 : 0 };
  const [head = '', ...path] = field.split('.');
  if (head === 'payload') return { kind: 'any', cost: 2, read: payloadReader(path) };
  const name = path.join('.');
  if (head === 'user' && name !== '') return { kind: 'any', cost: 1, read: (record) => userValues(record, name) };
  if (head === 'prop' && propertyTable.some((facts) => facts.name === name)) {
    return { kind: 'any', cost: 1, read: (record) => propertyOf(record, name) };
  }
  const message = head === 'prop' ? `there is no property ${name}` : `there is no field ${field}`;
  report({ start, end: start + field.length, message });
  return undefined;
}

function payloadReader(path: readonly string[]): (record: PacketRecord) => unknown {
  if (path.length === 0) return (record) => (record.type === 'publish' ? payloadText(record) : undefined);
  const names = path[0] === 'json' ? path.slice(1) : path;
  return (record) => (record.type === 'publish' ? jsonValue(record, names) : undefined);
}

function userValues(record: PacketRecord, name: string): readonly string[] {
  const list = propertyOf(record, 'userProperties');
  if (!Array.isArray(list)) return [];
  return (list as readonly (readonly [string, string])[]).filter(([key]) => key === name).map(([, value]) => value);
}

function propertyOf({ packet }: PacketRecord, name: string): unknown {
  const properties = packet && 'properties' in packet ? packet.properties : undefined;
  return (properties as Readonly<Record<string, unknown>> | undefined)?.[name];
}

function compileFlag(value: FilterValue, report: Report): Compiled | undefined {
  const test = Object.hasOwn(filterFlags, value.text) ? filterFlags[value.text] : undefined;
  if (test) return { cost: 0, test };
  report({ ...placeOf(value), message: `is: knows ${Object.keys(filterFlags).join(', ')}` });
  return undefined;
}

function compilePresence(value: FilterValue, report: Report): Compiled | undefined {
  const place = { kind: 'term', ...placeOf(value), field: value.text, operator: ':', values: [value] } as const;
  const source = sourceOf(place, report);
  return source && { cost: source.cost, test: (record, now) => isPresent(source.read(record, now)) };
}

function isPresent(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== '';
}

function compileBytes(value: FilterValue, report: Report): Compiled | undefined {
  const pattern = bytePattern(value.text);
  if (pattern) return { cost: 2, test: (record) => hasBytes(record, pattern) };
  report({ ...placeOf(value), message: 'bytes are written in hex, such as "30 0f ?? 61"' });
  return undefined;
}

function regular(value: FilterValue, report: Report): ValueTest | undefined {
  const pattern = patternOf(value.text, value.flags ?? '');
  if (pattern) return (found) => pattern.test(textFor(found));
  report({ ...placeOf(value), message: 'this is no regular expression' });
  return undefined;
}

function compare(term: Term, { kind, words }: Source, report: Report): ValueTest | undefined {
  const { operator, values } = term;
  if (operator === 'in') {
    const tests = values.map((value) => compareOne({ value, operator: '=', kind, words }, report));
    return (found) => tests.some((test) => test?.(found) === true);
  }
  return compareOne({ value: values[0] as FilterValue, operator, kind, words }, report);
}

interface Comparison {
  readonly value: FilterValue;
  readonly operator: Operator;
  readonly kind: Source['kind'];
  readonly words?: readonly string[] | undefined;
}

function compareOne({ value, operator, kind, words }: Comparison, report: Report): ValueTest | undefined {
  if (kind === 'number' || kind === 'milliseconds' || kind === 'bytes') {
    const wanted = numberOf(value.text, kind);
    if (wanted !== undefined) return (found) => isOrdered(found as number, operator, wanted);
    report({ ...placeOf(value), message: `this is not ${unitNames[kind] ?? 'a number'}` });
    return undefined;
  }
  if (kind === 'time') return compareTime(value, operator, report);
  if (operator.startsWith('<') || operator.startsWith('>')) {
    report({ ...placeOf(value), message: `${operator} compares numbers: use :, =, != or ~` });
    return undefined;
  }
  if (words) return compareWord({ value, operator, kind, words }, report);
  if (kind === 'topic' && operator === ':') return compareTopic(value, report);
  if (operator !== ':') return (found) => (textFor(found) === value.text) === (operator === '=');
  const glob = globOf(value.text);
  return (found) => glob.test(textFor(found));
}

function compareTime(value: FilterValue, operator: Operator, report: Report): ValueTest | undefined {
  const wanted = timeOf(value.text);
  if (wanted) {
    return (found) => isOrdered(wanted.isOfDay ? timeOfDay(found as number) : (found as number), operator, wanted.at);
  }
  report({ ...placeOf(value), message: `this is not ${unitNames.time}` });
  return undefined;
}

function compareWord({ value, operator, words = [] }: Comparison, report: Report): ValueTest | undefined {
  const wanted = value.text.toLowerCase();
  if (!words.includes(wanted)) {
    report({ ...placeOf(value), message: `it can be ${words.join(', ')}` });
    return undefined;
  }
  return (found) => (found === wanted) === (operator !== '!=');
}

function compareTopic(value: FilterValue, report: Report): ValueTest | undefined {
  try {
    validateTopicFilter(value.text);
  } catch {
    report({ ...placeOf(value), message: 'this is no topic filter, such as a/+/b or a/#' });
    return undefined;
  }
  return (found) => found !== '' && topicMatches(value.text, found as string);
}

/** Values of which nobody knows the kind before: numbers are compared as numbers, all else as text. */
function anyValue({ operator, values }: Term, report: Report): ValueTest | undefined {
  const tests = values.map((value) => anyOf(value, operator === 'in' ? '=' : operator, report));
  return (found) => tests.some((test) => test?.(found) === true);
}

function anyOf(value: FilterValue, operator: Operator, report: Report): ValueTest | undefined {
  const wanted = numberOf(value.text, 'number');
  const isOrder = operator.startsWith('<') || operator.startsWith('>');
  if (isOrder && wanted === undefined) {
    report({ ...placeOf(value), message: `${operator} compares numbers` });
    return undefined;
  }
  const glob = globOf(operator === ':' ? `*${value.text}*` : value.text);
  return (found) => {
    if (isOrder || (wanted !== undefined && typeof found === 'number')) {
      return typeof found === 'number' && isOrdered(found, operator, wanted ?? 0);
    }
    if (operator === ':') return glob.test(textFor(found));
    return (textFor(found) === value.text) === (operator === '=');
  };
}

function isOrdered(found: number, operator: Operator, wanted: number): boolean {
  switch (operator) {
    case '<':
      return found < wanted;
    case '<=':
      return found <= wanted;
    case '>':
      return found > wanted;
    case '>=':
      return found >= wanted;
    case '!=':
      return found !== wanted;
    default:
      return found === wanted;
  }
}

function textFor(value: unknown): string {
  if (value instanceof Uint8Array) return hexOf(value);
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function placeOf({ start, end }: FilterValue): { readonly start: number; readonly end: number } {
  return { start, end };
}
