/** What is not as expected, one line each, with the path to it. */
import { readable } from './readable.ts';

/**
 * `given`: members that are left out may be anything, text stands for its bytes, functions are asked.
 * `all`: every member counts; an absent one equals one that is `undefined`.
 */
export type Strictness = 'given' | 'all';

export function differences(actual: unknown, expected: unknown, strictness: Strictness): string[] {
  return [...compare({ actual, expected, path: '' }, strictness)];
}

interface Pair {
  readonly actual: unknown;
  readonly expected: unknown;
  readonly path: string;
}

function* compare({ actual, expected, path }: Pair, strictness: Strictness): Generator<string, void> {
  if (isList(actual) && isList(expected)) {
    yield* compareLists({ actual, expected, path }, strictness);
  } else if (isRecord(actual) && isRecord(expected)) {
    yield* compareMembers({ actual, expected, path }, strictness);
  } else if (!isSame(actual, expected, strictness)) {
    yield line(path, readable(expected), readable(actual));
  }
}

function isSame(actual: unknown, expected: unknown, strictness: Strictness): boolean {
  // The type of the caller has made sure that the function takes what is there.
  if (typeof expected === 'function') return (expected as (value: unknown) => boolean)(actual);
  if (actual instanceof Uint8Array) return isSameBytes(actual, asBytes(expected, strictness));
  return Object.is(actual, expected);
}

interface Lists extends Pair {
  readonly actual: readonly unknown[];
  readonly expected: readonly unknown[];
}

function* compareLists({ actual, expected, path }: Lists, strictness: Strictness): Generator<string, void> {
  if (actual.length !== expected.length) {
    yield line(
      path,
      `${readable(expected)}, ${expected.length} in all`,
      `${readable(actual)}, ${actual.length} in all`,
    );
    return;
  }
  for (const [index, item] of expected.entries()) {
    yield* compare({ actual: actual[index], expected: item, path: `${path}[${index}]` }, strictness);
  }
}

interface Records extends Pair {
  readonly actual: Readonly<Record<string, unknown>>;
  readonly expected: Readonly<Record<string, unknown>>;
}

function* compareMembers({ actual, expected, path }: Records, strictness: Strictness): Generator<string, void> {
  const names = new Set(Object.keys(expected));
  if (strictness === 'all') for (const name of Object.keys(actual)) names.add(name);
  for (const name of names) {
    const below = path === '' ? name : `${path}.${name}`;
    yield* compare({ actual: actual[name], expected: expected[name], path: below }, strictness);
  }
}

function line(path: string, expected: string, actual: string): string {
  return `${path === '' ? '' : `${path}: `}expected ${expected}, but it was ${actual}`;
}

function asBytes(expected: unknown, strictness: Strictness): Uint8Array | undefined {
  if (expected instanceof Uint8Array) return expected;
  return typeof expected === 'string' && strictness === 'given' ? new TextEncoder().encode(expected) : undefined;
}

function isSameBytes(actual: Uint8Array, expected: Uint8Array | undefined): boolean {
  return actual.length === expected?.length && actual.every((byte, index) => byte === expected[index]);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array) && !Array.isArray(value);
}
