/** `omqtt decode`: bytes, hex text or a capture, as trees, lines or JSON. Fails with 10 when an error was found. */
import { existsSync, readFileSync } from 'node:fs';
import {
  formatRecord,
  formatTree,
  Inspection,
  compileFilter,
  importCapture,
  UnknownCaptureError,
  redact,
  replay,
  toNdjsonLine,
  type Capture,
  type DecodedPayload,
  type Direction,
  type PacketRecord,
} from '@omqtt/inspect';
import { LocalFileError, PayloadError, UsageError } from '../cli-error.ts';
import type { Task } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { compileWith } from '../expression/compile-expression.ts';
import { fromHex } from '../input/decode-payload.ts';
import { readAll } from '../input/read-stdin.ts';
import * as option from '../options/decode-options.ts';
import { json } from '../options/output-options.ts';
import { payloadDecoder } from '../output/decode-payload.ts';
import { escapeBlock, escapeJson } from '../output/terminal-text.ts';

export async function run(task: Task): Promise<number> {
  const { settings, io, talk } = task;
  const isWanted = filterOf(task);
  const decode = await payloadDecoder(settings);
  const input = await inputOf(task);
  const version = settings.get(option.assumedVersion);
  const inspection = new Inspection(version === undefined ? {} : { assumedVersion: version === '5' ? '5.0' : '3.1.1' });
  const records = 'events' in input ? fromCapture(task, input, inspection) : fromBytes(task, input, inspection);
  if (records.length === 0) throw new PayloadError('there is no packet in it');
  const wanted = records.filter(isWanted);
  for (const record of wanted) {
    const shown = settings.get(option.withSecrets) === true ? record : redact(record);
    const decoded = decodedOf(shown, decode);
    if (settings.get(json) === true) io.out.write(withDecoded(toNdjsonLine(shown), decoded));
    else {
      io.out.line(settings.get(option.lines) === true ? formatRecord(shown) : formatTree(shown));
      const text = decoded && JSON.stringify(decoded.value, undefined, 2);
      if (decoded) io.out.line(escapeBlock(`  payload as ${decoded.as}: ${text}`));
    }
  }
  const errors = wanted.flatMap(({ findings }) => findings).filter(({ severity }) => severity === 'error').length;
  if (errors === 0) return exitCodes.done;
  talk.say(`${errors} ${errors === 1 ? 'error' : 'errors'} found`);
  return exitCodes.expectation;
}

function decodedOf(
  { packet, topic }: PacketRecord,
  decode: Awaited<ReturnType<typeof payloadDecoder>>,
): DecodedPayload | undefined {
  if (packet?.type !== 'publish' || packet.payload === undefined) return undefined;
  return decode({ topic, payload: packet.payload, properties: packet.properties ?? {} });
}

/** One more member of the record. */
function withDecoded(line: string, decoded: DecodedPayload | undefined): string {
  if (decoded === undefined) return line;
  return `${escapeJson(JSON.stringify({ ...(JSON.parse(line) as object), decoded }))}\n`;
}

type Input = Uint8Array | Capture;

async function inputOf({ io, words }: Task): Promise<Input> {
  const [word] = words;
  if (word === undefined || word === '-') {
    if (word === undefined && io.stdin.isTTY === true) {
      throw new UsageError('give a FILE, hex such as 3003000161, or pipe bytes in');
    }
    return understood(await readAll(io.stdin));
  }
  if (existsSync(word)) return understood(readFile(word));
  const digits = word.replaceAll(/[\s:]/g, '').replace(/^0x/i, '');
  if (/^[0-9a-f]+$/i.test(digits)) return fromHex(digits);
  throw new LocalFileError('read', word, Object.assign(new Error('no such file'), { code: 'ENOENT' }));
}

function readFile(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new LocalFileError('read', path, error);
  }
}

/** A capture, hex text, or bytes as they are. */
function understood(bytes: Uint8Array): Input {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 4096));
  if (head.trim() !== '' && /^[0-9a-f\s:]+$/i.test(head)) {
    return fromHex(new TextDecoder().decode(bytes).replaceAll(/[\s:]/g, ''));
  }
  try {
    return importCapture(bytes);
  } catch (error) {
    if (error instanceof UnknownCaptureError) return bytes;
    throw error;
  }
}

function filterOf({ settings }: Task): (record: PacketRecord) => boolean {
  return compileWith(compileFilter, settings.get(option.packetFilter) ?? '', option.packetFilter);
}

function fromCapture({ talk }: Task, capture: Capture, inspection: Inspection): readonly PacketRecord[] {
  for (const problem of capture.problems) talk.warn(problem);
  return [...replay(capture.events, inspection)];
}

function fromBytes({ settings }: Task, bytes: Uint8Array, inspection: Inspection): readonly PacketRecord[] {
  const asked = settings.get(option.fromServer);
  const isFromServer = asked ?? looksSentByServer(bytes);
  const direction: Direction = isFromServer ? 's2c' : 'c2s';
  // Only a CONNECT begins a connection; anything else is a piece out of the middle of one.
  const isPartial = (bytes[0] ?? 0) >> 4 !== 1;
  inspection.open('bytes', { at: 0, isPartial, isEndSeen: true });
  const records = inspection.bytes('bytes', direction, { chunk: bytes, at: 0 });
  return [...records, ...inspection.close('bytes', { at: 0 })];
}

/** CONNACK, SUBACK, UNSUBACK and PINGRESP come only from servers. */
function looksSentByServer(bytes: Uint8Array): boolean {
  return [2, 9, 11, 13].includes((bytes[0] ?? 0) >> 4);
}
