/** Messages on standard output, in the form that was asked for. */
import { UsageError } from '../cli-error.ts';
import type { Io } from '../io.ts';
import * as option from '../options/output-options.ts';
import type { Settings } from '../options/settings.ts';
import { payloadDecoder } from './decode-payload.ts';
import { compileFormat } from './format-string.ts';
import { hexDump } from './hex-dump.ts';
import { strictText, toBase64, toRecord } from './message-record.ts';
import type { ReceivedMessage } from './received-message.ts';
import { toRfc3339 } from './rfc3339.ts';
import { escapeBlock, escapeLine } from './terminal-text.ts';

export type MessagePrinter = (message: ReceivedMessage) => void;

/** Throws a `UsageError` when the options do not go together. */
export async function messagePrinter({ out }: Io, settings: Settings): Promise<MessagePrinter> {
  const chosen = [option.json, option.format, option.output].filter((one) => settings.isFromCommandLine(one));
  if (chosen.length > 1) {
    throw new UsageError(`${chosen.map(({ name }) => `--${name}`).join(' and ')} exclude each other`);
  }
  const decode = await payloadDecoder(settings);
  if (settings.get(option.json) === true) return (message) => out.line(toRecord(message, decode(message)));
  const eol = settings.get(option.noNewline) === true ? '' : '\n';
  const format = settings.get(option.format);
  if (format !== undefined) return formatPrinter(out, compileFormat(format, decode), eol);
  const form = settings.get(option.output) ?? 'text';
  const lead = leadOf(settings, out.isTerminal);
  return (message) => {
    // One write for one message: lines of two processes do not mix.
    const head = lead(message);
    const decoded = form === 'decoded' ? decode(message) : undefined;
    const payload = decoded ? written(decoded.value, out.isTerminal) : payloadAs(form, message.payload, out.isTerminal);
    if (typeof payload === 'string') out.write(`${head}${payload}${eol}`);
    else out.write(Buffer.concat([Buffer.from(head), payload, Buffer.from(eol)]));
  };
}

function formatPrinter(out: Io['out'], render: ReturnType<typeof compileFormat>, eol: string): MessagePrinter {
  return (message) => {
    const parts = render(message);
    if (out.isTerminal) {
      const texts = parts.map((part) => (typeof part === 'string' ? escapeBlock(part) : readable(part)));
      out.write(`${texts.join('')}${eol}`);
      return;
    }
    out.write(Buffer.concat([...parts.map((part) => Buffer.from(part)), Buffer.from(eol)]));
  };
}

/** What stands before the payload: the time, and the topic. */
function leadOf(settings: Settings, isTerminal: boolean): (message: ReceivedMessage) => string {
  const time = settings.get(option.time) ?? 'none';
  const hasTopic = settings.get(option.verbose) === true;
  let last: number | undefined;
  return ({ at, topic }) => {
    const since = last === undefined ? 0 : at - last;
    last = at;
    const moment = {
      none: '',
      iso: `${toRfc3339(at)} `,
      unix: `${(at / 1000).toFixed(3)} `,
      delta: `+${since.toFixed(1)}ms `,
    };
    return `${moment[time]}${hasTopic ? `${isTerminal ? escapeLine(topic) : topic} ` : ''}`;
  };
}

function payloadAs(form: option.OutputForm, payload: Uint8Array, isTerminal: boolean): string | Uint8Array {
  switch (form) {
    case 'raw':
      return payload;
    case 'text':
    case 'decoded':
      return isTerminal ? readable(payload) : payload;
    case 'hex':
      return Buffer.from(payload).toString('hex');
    case 'base64':
      return toBase64(payload);
    case 'hexdump':
      return hexDump(payload);
    case 'json':
      return prettyJson(payload, isTerminal);
  }
}

/** For a terminal: text without what a terminal obeys, or a note about the bytes. */
function readable(payload: Uint8Array): string {
  const text = strictText(payload);
  if (text !== undefined) return escapeBlock(text);
  return `<${payload.length} bytes: ${Buffer.from(payload.subarray(0, 16)).toString('hex')}${payload.length > 16 ? '…' : ''}>`;
}

/** On one line for programs; what is no JSON is shown as a JSON text. */
function prettyJson(payload: Uint8Array, isTerminal: boolean): string {
  const text = strictText(payload);
  try {
    return written(JSON.parse(text ?? ''), isTerminal);
  } catch {
    return JSON.stringify(text ?? toBase64(payload));
  }
}

function written(value: unknown, isTerminal: boolean): string {
  const text = JSON.stringify(value, null, isTerminal ? 2 : 0);
  return isTerminal ? escapeBlock(text) : text;
}
