/** What JSON can say, in a binary format. */
import { bytesOf } from '../platform-text.ts';
import { ByteWriter } from './byte-writer.ts';
import { cborHeads } from './cbor-heads.ts';
import type { Heads } from './heads.ts';
import { messagePackHeads } from './message-pack-heads.ts';
import type { PlainValue } from './plain-value.ts';

const formats: Readonly<Record<'cbor' | 'msgpack', Heads>> = { cbor: cborHeads, msgpack: messagePackHeads };

/** Whole numbers are written as such as long as a number of JavaScript is exact, and everything as short as it can be. */
export function encodePayload(value: PlainValue, format: keyof typeof formats): Uint8Array {
  const writer = new ByteWriter();
  writeValue(writer, formats[format], value);
  return writer.finish();
}

function writeValue(writer: ByteWriter, heads: Heads, value: PlainValue): void {
  if (typeof value === 'string') return writeText(writer, heads, value);
  if (typeof value === 'number') return writeNumber(writer, heads, value);
  if (value === null) return writer.u8(heads.nothing);
  if (typeof value === 'boolean') return writer.u8(value ? heads.yes : heads.no);
  if (isList(value)) {
    heads.list(writer, value.length);
    for (const item of value) writeValue(writer, heads, item);
    return;
  }
  const entries = Object.entries(value);
  heads.map(writer, entries.length);
  for (const [name, item] of entries) {
    writeText(writer, heads, name);
    writeValue(writer, heads, item);
  }
}

function writeText(writer: ByteWriter, heads: Heads, text: string): void {
  const bytes = bytesOf(text);
  heads.text(writer, bytes.length);
  writer.raw(bytes);
}

function writeNumber(writer: ByteWriter, heads: Heads, value: number): void {
  // -0 is no whole number: it would lose its sign.
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return heads.integer(writer, value);
  writer.u8(heads.double);
  writer.f64(value);
}

function isList(value: object): value is readonly PlainValue[] {
  return Array.isArray(value);
}
