/** UTF-8 strings as MQTT wants them: well-formed, without U+0000, a leading U+FEFF kept. */
import type { PacketReader } from './packet-reader.ts';
import type { PacketWriter } from './packet-writer.ts';
import { decodeUtf8 } from './platform.ts';
import type { Problem } from './problems.ts';
import { TextCache } from './text-cache.ts';

const texts = new TextCache(9);
/** Holds nothing but what may be a topic name, so that a hit needs no further check. */
const topics = new TextCache(12);

/** Reads the bytes from `start` to `end` of the packet that `reader` is in. */
export function readText(reader: PacketReader, start: number, end: number): string {
  return texts.recall(reader.bytes, start, end) ?? readNewText(reader, start, end, texts);
}

/** The same for the topic of a message; an empty one may stand beside an alias. */
export function readTopicName(reader: PacketReader, start: number, end: number, statement?: string): string {
  const known = topics.recall(reader.bytes, start, end);
  if (known !== undefined) return known;
  const { bytes } = reader;
  for (let at = start; at < end; at += 1) {
    if (bytes[at] === HASH || bytes[at] === PLUS) reader.fail('wildcard-in-topic', statement);
  }
  return readNewText(reader, start, end, topics);
}

const HASH = 0x23;
const PLUS = 0x2b;

/** Decodes what the cache does not hold, and puts it there when it is ASCII. */
function readNewText(reader: PacketReader, start: number, end: number, cache: TextCache): string {
  const { bytes } = reader;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (byte === 0) reader.fail('null-character');
    if (byte >= 0x80) return readUnicode(reader, start, end);
  }
  const text = decodeAscii(bytes, start, end);
  cache.remember(bytes, start, end, text);
  return text;
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

// Eight at a time is the fastest way that needs nothing of the runtime; one call with all would overflow the stack.
function decodeAscii(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  let at = start;
  for (; at + 8 <= end; at += 8) {
    text += String.fromCharCode(
      bytes[at] as number,
      bytes[at + 1] as number,
      bytes[at + 2] as number,
      bytes[at + 3] as number,
      bytes[at + 4] as number,
      bytes[at + 5] as number,
      bytes[at + 6] as number,
      bytes[at + 7] as number,
    );
  }
  for (; at < end; at += 1) text += String.fromCharCode(bytes[at] as number);
  return text;
}

const LONGEST = 65_535;

/** What keeps `text` from being written, for those who want to know before they write. */
export function textProblem(text: string): Problem | undefined {
  let length = 0;
  for (const character of text) {
    const point = character.codePointAt(0) as number;
    if (point === 0) return 'null-character';
    if (isSurrogate(point)) return 'ill-formed-text';
    length += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x1_0000 ? 3 : 4;
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
  const { length } = text;
  let index = 0;
  for (; index < length; index += 1) {
    const unit = text.charCodeAt(index);
    // 1..0x7f, in one comparison.
    if ((unit - 1) >>> 0 > 0x7e) break;
    bytes[start + index] = unit;
  }
  return index === length ? start + length : writeUnicode(writer, text, index, start + index, field);
}

/** Goes on at `index` of the text and `start` of the buffer, where the plain ASCII ends. */
function writeUnicode(writer: PacketWriter, text: string, first: number, start: number, field: string): number {
  const { bytes } = writer;
  let at = start;
  for (let index = first; index < text.length; index += 1) {
    const point = text.codePointAt(index) as number;
    if (point === 0) writer.fail('null-character', field);
    if (isSurrogate(point)) writer.fail('ill-formed-text', field);
    if (point < 0x80) {
      bytes[at++] = point;
      continue;
    }
    if (point < 0x800) {
      bytes[at++] = 0xc0 | (point >>> 6);
    } else {
      if (point < 0x1_0000) {
        bytes[at++] = 0xe0 | (point >>> 12);
      } else {
        index += 1;
        bytes[at++] = 0xf0 | (point >>> 18);
        bytes[at++] = 0x80 | ((point >>> 12) & 0x3f);
      }
      bytes[at++] = 0x80 | ((point >>> 6) & 0x3f);
    }
    bytes[at++] = 0x80 | (point & 0x3f);
  }
  return at;
}

/** A surrogate that stands alone: `codePointAt` has joined those that are in pairs. */
function isSurrogate(point: number): boolean {
  return point >= 0xd800 && point <= 0xdfff;
}
