/** Format strings: the % and @ codes of mosquitto, and `{name}` with paths and widths. Understood before the first message. */
import { UsageError } from '../cli-error.ts';
import { type Decode, fieldOf, type FieldReader } from './message-fields.ts';
import type { ReceivedMessage } from './received-message.ts';

type Part = string | FieldReader;

/** Throws a `UsageError` for what it does not know. */
export function compileFormat(
  format: string,
  decode: Decode,
): (message: ReceivedMessage) => readonly (string | Uint8Array)[] {
  const parts = partsOf(format, decode);
  return (message) => parts.map((part) => (typeof part === 'string' ? part : part(message)));
}

const token =
  /%(?<pad>-?0?\d*)(?:\.(?<precision>\d+))?(?<percent>[\s\S])|@(?<at>[\s\S])|\\(?<escape>[\s\S])|\{(?<name>[^{}]+)\}|(?<open>\{\{|\}\})/g;

function partsOf(format: string, decode: Decode): readonly Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const match of format.matchAll(token)) {
    parts.push(format.slice(end, match.index), partOf(match, decode));
    end = match.index + match[0].length;
  }
  if (/[%@\\]$/.test(format.slice(end))) {
    throw new UsageError(`the format ends within a code: ${JSON.stringify(format)}`);
  }
  return [...parts, format.slice(end)].filter((part) => part !== '');
}

function partOf({ groups = {} }: RegExpExecArray, decode: Decode): Part {
  const { pad = '', precision, percent, at, escape, name, open } = groups;
  if (open !== undefined) return open.slice(1);
  if (escape !== undefined) return escapes[escape] ?? `\\${escape}`;
  if (at !== undefined) return at === '@' ? '@' : needed(timeCodes[at], `@${at}`);
  if (percent === '%') return '%';
  if (percent !== undefined) {
    return padded(needed(fieldOf(percentCodes[percent] ?? '', decode), `%${percent}`), pad, precision);
  }
  const { path = '', width = '' } = /^(?<path>[^:]+)(?::(?<width>-?\d+))?$/.exec(name ?? '')?.groups ?? {};
  return padded(needed(fieldOf(path, decode), `{${name}}`), width, undefined);
}

function needed<Value>(value: Value | undefined, code: string): Value {
  if (value !== undefined) return value;
  throw new UsageError(`the format has no ${code}: see \`omqtt help formats\``);
}

/** As in mosquitto: a minus for the left, a zero for zeros. */
function padded(read: FieldReader, pad: string, precision: string | undefined): FieldReader {
  if (pad === '' && precision === undefined) return read;
  const width = Math.abs(Number.parseInt(pad, 10) || 0);
  const filler = /^-?0/.test(pad) ? '0' : ' ';
  return (message) => {
    const value = read(message);
    const text = (typeof value === 'string' ? value : new TextDecoder().decode(value)).slice(
      0,
      Number(precision ?? Infinity),
    );
    return pad.startsWith('-') ? text.padEnd(width) : text.padStart(width, filler);
  };
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '0': '\0',
  a: '\u0007',
  e: '\u001b',
  v: '\v',
  '\\': '\\',
};

export const percentCodes: Readonly<Record<string, string>> = {
  A: 'alias',
  C: 'contentType',
  D: 'correlation',
  E: 'expiry',
  F: 'pfi',
  I: 'time',
  J: 'prettyJson',
  P: 'user',
  R: 'responseTopic',
  S: 'subIds',
  U: 'unix',
  d: 'dup',
  j: 'json',
  l: 'size',
  m: 'pid',
  p: 'payload',
  q: 'qos',
  r: 'retain',
  t: 'topic',
  x: 'hex',
  X: 'HEX',
};

const two = (value: number): string => String(value).padStart(2, '0');
const local =
  (read: (date: Date) => string): FieldReader =>
  (message) =>
    read(new Date(message.at));

/** The codes of strftime that are used. */
const timeCodes: Readonly<Record<string, FieldReader>> = {
  Y: local((date) => String(date.getFullYear())),
  m: local((date) => two(date.getMonth() + 1)),
  d: local((date) => two(date.getDate())),
  H: local((date) => two(date.getHours())),
  M: local((date) => two(date.getMinutes())),
  S: local((date) => two(date.getSeconds())),
  F: local((date) => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`),
  T: local((date) => `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`),
  s: local((date) => String(Math.floor(date.getTime() / 1000))),
  N: ({ at }) => String(Math.round((at % 1000) * 1e6)).padStart(9, '0'),
};
