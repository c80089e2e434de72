/** UTF-8 strings as MQTT wants them: well-formed, without U+0000, a leading U+FEFF kept. */
import type { PacketReader } from './packet-reader.ts';
import type { PacketWriter } from './packet-writer.ts';
import { decodeUtf8 } from './platform.ts';
import type { Problem } from './problems.ts';
import { recallText, rememberText } from './text-cache.ts';

/** Reads the bytes from `start` to `end` of the packet that `reader` is in. */
export function readText(reader: PacketReader, start: number, end: number): string {
  const { bytes } = reader;
  const known = recallText(bytes, start, end);
  if (known !== undefined) return known;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (byte === 0) reader.fail('null-character');
    if (byte >= 0x80) return readUnicode(reader, start, end);
  }
  return rememberText(bytes, start, end);
}

function readUnicode(reader: PacketReader, start: number, end: number): string {
  let text = '';
  try {
    text = decodeUtf8(reader.bytes.subarray(start, end));
  } catch {
    reader.fail('ill-formed-text');
  }
  if (text.includes('\0')) reader.fail('null-character');
  return text;
}

const LONGEST = 65_535;

/** What keeps `text` from being written, for those who want to know before they write. */
export function textProblem(text: string): Problem | undefined {
  let length = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit === 0) return 'null-character';
    if (unit < 0x80) length += 1;
    else if (unit < 0x800) length += 2;
    else if (unit < 0xd800 || unit > 0xdfff) length += 3;
    else if (codePointOfPair(unit, text.charCodeAt(index + 1)) === undefined) return 'ill-formed-text';
    else {
      length += 4;
      index += 1;
    }
  }
  return length > LONGEST ? 'text-too-long' : undefined;
}

/** Writes `text` behind its two-byte length. `field` names it in errors. */
export function writeText(writer: PacketWriter, text: string, field: string): void {
  if (typeof text !== 'string') writer.fail('bad-value', field);
  // A character of a JavaScript string takes at most three bytes.
  if (text.length > LONGEST) writer.fail('text-too-long', field);
  const start = writer.reserve(2 + text.length * 3) + 2;
  const end = writeUtf8(writer, text, start, field);
  const length = end - start;
  if (length > LONGEST) writer.fail('text-too-long', field);
  writer.bytes[start - 2] = length >>> 8;
  writer.bytes[start - 1] = length & 0xff;
  writer.at = end;
}

function writeUtf8(writer: PacketWriter, text: string, start: number, field: string): number {
  const { bytes } = writer;
  let at = start;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) {
      if (unit === 0) writer.fail('null-character', field);
      bytes[at++] = unit;
    } else if (unit < 0x800) {
      bytes[at++] = 0xc0 | (unit >>> 6);
      bytes[at++] = 0x80 | (unit & 0x3f);
    } else if (unit < 0xd800 || unit > 0xdfff) {
      bytes[at++] = 0xe0 | (unit >>> 12);
      bytes[at++] = 0x80 | ((unit >>> 6) & 0x3f);
      bytes[at++] = 0x80 | (unit & 0x3f);
    } else {
      const point = codePointOfPair(unit, text.charCodeAt(index + 1));
      if (point === undefined) writer.fail('ill-formed-text', field);
      index += 1;
      bytes[at++] = 0xf0 | (point >>> 18);
      bytes[at++] = 0x80 | ((point >>> 12) & 0x3f);
      bytes[at++] = 0x80 | ((point >>> 6) & 0x3f);
      bytes[at++] = 0x80 | (point & 0x3f);
    }
  }
  return at;
}

/** `undefined` for a surrogate without its other half; `low` is NaN at the end of a string. */
function codePointOfPair(high: number, low: number): number | undefined {
  if (high > 0xdbff || !(low >= 0xdc00 && low <= 0xdfff)) return undefined;
  return 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}
