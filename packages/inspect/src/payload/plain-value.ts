/** A decoded value as JSON can have it, with what JSON lacks under names that begin with a dollar sign. */
import { toBase64 } from '../files/base64.ts';
import type { DecodedValue } from './decoded-value.ts';

export type PlainValue =
  | string
  | number
  | boolean
  | null
  | readonly PlainValue[]
  | { readonly [name: string]: PlainValue };

/** The value as JSON can express it. */
export function plainValue(value: DecodedValue): PlainValue {
  switch (typeof value) {
    case 'undefined':
      return null;
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'bigint':
      // It would lose digits as a number.
      return String(value);
    default:
      return value === null ? null : plainObject(value);
  }
}

function plainObject(value: Extract<DecodedValue, object>): PlainValue {
  if (value instanceof Uint8Array) return { $bytes: toBase64(value) };
  if ('tag' in value) return { $tag: Number(value.tag), value: plainValue(value.value) };
  if (!('pairs' in value)) return value.map(plainValue);
  const names = value.pairs.map(([key]) => key);
  const isObject = names.every((name) => typeof name === 'string') && new Set(names).size === names.length;
  const pairs = value.pairs.map(([key, each]) => [plainValue(key), plainValue(each)] as const);
  return isObject ? (Object.fromEntries(pairs) as Record<string, PlainValue>) : { $pairs: pairs };
}
