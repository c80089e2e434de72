/** UTF-8 strings as MQTT wants them: well-formed, without U+0000, a leading U+FEFF kept. */
import type { PacketReader } from './packet-reader.ts';
import type { PacketWriter } from './packet-writer.ts';
import { cached, decodeUtf8, encodeUtf8, remembered } from '#platform';
import type { Problem } from './problems.ts';

/** Reads the bytes from `start` to `end` of the packet that `reader` is in; `statement` is what a wildcard breaks. */
export type ReadText = (reader: PacketReader, start: number, end: number, statement?: string) => string;

export const readText: ReadText = /* @__PURE__ */ cached(readNewText, 9);

/** The same for the topic of a message; an empty one may stand beside an alias. */
export const readTopicName: ReadText = /* @__PURE__ */ cached(readNewTopicName, 12);

function readNewTopicName(reader: PacketReader, start: number, end: number, statement?: string): string {
  const topic = readNewText(reader, start, end);
  if (hasWildcard(topic)) reader.fail('wildcard-in-topic', statement);
  return topic;
}

function readNewText(reader: PacketReader, start: number, end: number): string {
  let text = '';
  try {
    text = decodeUtf8(reader.bytes, start, end);
  } catch {
    reader.fail('ill-formed-text');
  }
  if (text.includes('\0')) reader.fail('null-character');
  return text;
}

const LONGEST = 65_535;
const LONGEST_CHARACTER = 3;

/** `field` names the text in errors, and `statement` is what a wildcard breaks. */
export type WriteText = (writer: PacketWriter, text: string, field: string, statement?: string) => void;

/** For what comes again and again in the packets of a connection. */
export const writeRecurringText: WriteText = /* @__PURE__ */ remembered(writeText);

/** Writes `text` behind its two-byte length. */
export function writeText(writer: PacketWriter, text: string, field: string): void {
  if (typeof text !== 'string') writer.fail('bad-value', field);
  if (text.length > LONGEST) writer.fail('text-too-long', field);
  const start = writer.reserve(2 + text.length * LONGEST_CHARACTER) + 2;
  const { bytes } = writer;
  let length = 0;
  for (; length < text.length; length += 1) {
    const unit = text.charCodeAt(length);
    // 1..0x7f, in one comparison.
    if ((unit - 1) >>> 0 > 0x7e) break;
    bytes[start + length] = unit;
  }
  if (length < text.length) length = writeUnicode(writer, text, start, field);
  bytes[start - 2] = length >>> 8;
  bytes[start - 1] = length;
  writer.at = start + length;
}

function writeUnicode(writer: PacketWriter, text: string, start: number, field: string): number {
  const problem = characterProblem(text);
  if (problem) writer.fail(problem, field);
  const length = encodeUtf8(text, writer.bytes.subarray(start));
  if (length > LONGEST) writer.fail('text-too-long', field);
  return length;
}

/** What keeps `text` from being written, for those who want to know before they write. */
export function textProblem(text: string): Problem | undefined {
  // Most are too short to be too long; of the others no more is encoded than it takes to say so.
  const isTooLong =
    text.length * LONGEST_CHARACTER > LONGEST && encodeUtf8(text, new Uint8Array(LONGEST + 4)) > LONGEST;
  return isTooLong ? 'text-too-long' : characterProblem(text);
}

function characterProblem(text: string): Problem | undefined {
  if (text.includes('\0')) return 'null-character';
  // With the `u` flag, pairs count as the character they stand for, and only lone halves are surrogates.
  return /\p{Surrogate}/u.test(text) ? 'ill-formed-text' : undefined;
}

/** Whether a filter matches more than one topic; a topic has none. */
export function hasWildcard(text: string): boolean {
  return text.includes('#') || text.includes('+');
}
