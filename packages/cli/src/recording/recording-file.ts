/** Files of recorded messages: records a line, or the inspector's `.omq`. Both are only ever appended to. */
import type { CaptureEvent } from '@omqtt/inspect';
import { closeSync, createReadStream, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { LocalFileError, PayloadError } from '../cli-error.ts';
import type { Io } from '../io.ts';
import { readPieces } from '../input/read-stdin.ts';
import { fromRecord, toRecord, type RecordedMessage } from '../output/message-record.ts';
import { packetBytes, type ReceivedMessage } from '../output/received-message.ts';

export interface RecordingWriter {
  readonly write: (message: ReceivedMessage) => void | Promise<void>;
  readonly close: () => void;
  /** Takes the file away, so that the next try finds its name free. */
  readonly discard: () => void;
}

export async function openRecording({ out }: Io, path: string): Promise<RecordingWriter> {
  if (path === '-') {
    const write = (message: ReceivedMessage): void | Promise<void> => {
      out.line(toRecord(message));
      return out.room();
    };
    return { write, close: () => undefined, discard: () => undefined };
  }
  const file = open(path);
  const append = (data: string | Uint8Array): void => {
    try {
      if (typeof data === 'string') writeSync(file, data);
      else writeSync(file, data);
    } catch (error) {
      throw new LocalFileError('write', path, error);
    }
  };
  const close = (): void => closeSync(file);
  const discard = (): void => rmSync(path, { force: true });
  if (!path.endsWith('.omq')) return { write: (message) => append(`${toRecord(message)}\n`), close, discard };
  const { omqMagic, toOmqEntry } = await import('@omqtt/inspect');
  append(omqMagic);
  return { write: (message) => append(toOmqEntry(packetEvent(message))), close, discard };
}

function open(path: string): number {
  try {
    // What is there is not overwritten.
    return openSync(path, 'wx', 0o600);
  } catch (error) {
    throw new LocalFileError('make the recording', path, error);
  }
}

function packetEvent(message: ReceivedMessage): Extract<CaptureEvent, { readonly type: 'packet' }> {
  const bytes = packetBytes(message);
  const shape = { size: bytes.length, isGarbage: false, isCut: false };
  return { type: 'packet', connection: 'record', direction: 's2c', at: message.at, bytes, ...shape };
}

/** The messages of a file, in their order; `-` is standard input. */
export async function* readRecording({ stdin }: Io, path: string): AsyncIterable<RecordedMessage> {
  if (path.endsWith('.omq')) yield* readOmq(path);
  else yield* readRecords(path, path === '-' ? stdin : createReadStream(path));
}

async function* readRecords(path: string, input: Readable): AsyncIterable<RecordedMessage> {
  const decoder = new TextDecoder();
  let number = 0;
  try {
    for await (const piece of readPieces(input, '\n')) {
      number += 1;
      const line = decoder.decode(piece);
      // Records of the inspector have packets without topics, which are no messages.
      if (line.trim() !== '' && isMessage(line)) yield fromRecord(line);
    }
  } catch (error) {
    if (error instanceof PayloadError) throw new PayloadError(`line ${number} of ${path}: ${error.message}`);
    throw (error as NodeJS.ErrnoException).syscall === undefined ? error : new LocalFileError('read', path, error);
  }
}

function isMessage(line: string): boolean {
  // What was decoded may have a type as well, so only the record itself decides.
  if (!/"type":"(?!publish")/.test(line)) return true;
  return typeOf(line) === undefined || typeOf(line) === 'publish';
}

function typeOf(line: string): unknown {
  try {
    return (JSON.parse(line) as { readonly type?: unknown } | null)?.type;
  } catch {
    // It is told when the record is read.
    return undefined;
  }
}

async function* readOmq(path: string): AsyncIterable<RecordedMessage> {
  const { importCapture, Inspection, replay } = await import('@omqtt/inspect');
  const inspection = new Inspection({ assumedVersion: '5.0' });
  const { events, problems } = importCapture(readWhole(path));
  const [problem] = problems;
  if (problem !== undefined) throw new PayloadError(`${path}: ${problem}`);
  for (const { at, packet, topic } of replay(events, inspection)) {
    if (packet?.type !== 'publish') continue;
    const { payload = new Uint8Array(0), qos = 0, retain, properties } = packet;
    yield { at, topic, payload, qos, retain, properties };
  }
}

function readWhole(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new LocalFileError('read', path, error);
  }
}
