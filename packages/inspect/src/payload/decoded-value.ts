/** A value of CBOR, MessagePack or Sparkplug B, and how it is written: like JSON, with what JSON has not. */
import { hexOf } from '../text/hex.ts';

export type DecodedValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | Uint8Array
  | readonly DecodedValue[]
  | { readonly pairs: readonly (readonly [key: DecodedValue, value: DecodedValue])[] }
  | { readonly tag: number | bigint; readonly value: DecodedValue };

/** Deeper than this, or with more parts, nobody reads it. */
export const MOST_DEPTH = 64;
export const MOST_PARTS = 20_000;

/** Thrown within this folder alone: the bytes are not of this format. */
export class NotThisFormat extends Error {}

/** The value as text. */
export function writeValue(value: DecodedValue, indent: string = ''): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof Uint8Array) return `h'${hexOf(value)}'`;
  if (typeof value !== 'object' || value === null) return String(value);
  const deeper = `${indent}  `;
  if ('tag' in value) return `${value.tag}(${writeValue(value.value, indent)})`;
  if ('pairs' in value) {
    const lines = value.pairs.map(([key, each]) => `${deeper}${writeValue(key, deeper)}: ${writeValue(each, deeper)}`);
    return lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n${indent}}`;
  }
  const lines = value.map((each) => `${deeper}${writeValue(each, deeper)}`);
  return lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n${indent}]`;
}
