/** The messages that `pub` shall publish, from wherever they come. Files are opened before anything is sent. */
import { readFileSync } from 'node:fs';
import { LocalFileError, PayloadError, UsageError } from '../cli-error.ts';
import type { Task } from '../command.ts';
import * as option from '../options/message-options.ts';
import { fromRecord, type RecordedMessage } from '../output/message-record.ts';
import { payloadEncoder } from './payload-encoder.ts';
import { readAll, readPieces } from './read-stdin.ts';

/** What one message brings itself; the options fill the rest. */
export type SourceMessage = Pick<RecordedMessage, 'payload'> & Partial<RecordedMessage>;

export interface PayloadSource {
  readonly messages: AsyncIterable<SourceMessage> | Iterable<SourceMessage>;
  /** The number of messages is known only at the end of the input. */
  readonly isStream: boolean;
}

const sources = [
  option.message,
  option.file,
  option.stdinFile,
  option.stdinLine,
  option.nullMessage,
  option.ndjson,
  option.payloadSize,
] as const;

export async function payloadSource(task: Task, positional: string | undefined): Promise<PayloadSource> {
  const { settings, io } = task;
  const chosen = sources.filter((one) => settings.has(one) && settings.get<unknown>(one) !== false);
  const names = [...chosen.map(({ name }) => `--${name}`), ...(positional === undefined ? [] : ['MESSAGE'])];
  if (names.length > 1) throw new UsageError(`say once what to publish, not with ${names.join(' and ')}`);
  const encode = await payloadEncoder(settings);
  const given = positional ?? settings.get(option.message);
  if (given !== undefined) return once(encode(new TextEncoder().encode(given)));
  if (settings.get(option.nullMessage) === true) return once(new Uint8Array(0));
  if (settings.get(option.ndjson) === true) return stream(records(readPieces(io.stdin, '\n')));
  if (settings.get(option.stdinLine) === true) return stream(lines(task, encode));
  const size = settings.get(option.payloadSize);
  if (size !== undefined) return once(randomBytes(size));
  const file = settings.get(option.file);
  if (file !== undefined && file !== '-') return once(encode(readFile(file)));
  if (settings.get(option.stdinFile) === true || file === '-') return once(encode(await readAll(io.stdin)));
  throw new UsageError('there is nothing to publish: give MESSAGE, or -m, -f FILE, -s, -l, or -n for an empty payload');
}

function once(payload: Uint8Array): PayloadSource {
  return { messages: [{ payload }], isStream: false };
}

function stream(messages: AsyncIterable<SourceMessage>): PayloadSource {
  return { messages, isStream: true };
}

async function* lines({ settings, io }: Task, encode: (typed: Uint8Array) => Uint8Array): AsyncIterable<SourceMessage> {
  const given = settings.get(option.nulDelimited) === true ? '\\0' : (settings.get(option.delimiter) ?? '\\n');
  const delimiter = given.replaceAll('\\n', '\n').replaceAll('\\t', '\t').replaceAll('\\0', '\0');
  if (delimiter === '') throw new UsageError('--delimiter is empty');
  for await (const piece of readPieces(io.stdin, delimiter)) yield { payload: encode(piece) };
}

async function* records(pieces: AsyncIterable<Uint8Array>): AsyncIterable<SourceMessage> {
  let number = 0;
  const decoder = new TextDecoder();
  for await (const piece of pieces) {
    number += 1;
    const line = decoder.decode(piece);
    if (line.trim() === '') continue;
    yield recordAt(line, number);
  }
}

function recordAt(line: string, number: number): SourceMessage {
  try {
    return fromRecord(line);
  } catch (error) {
    if (error instanceof PayloadError) throw new PayloadError(`line ${number} is no message record: ${error.message}`);
    throw error;
  }
}

function readFile(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new LocalFileError('read the payload in', path, error);
  }
}

function randomBytes(size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  // The platform gives at most so many at once.
  for (let start = 0; start < size; start += 65_536) crypto.getRandomValues(bytes.subarray(start, start + 65_536));
  return bytes;
}
