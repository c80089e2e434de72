/** What is shown, and how. */
import { type AnyOption, choice, custom, flag, level, text, type Option } from './option.ts';

export type OutputForm = 'text' | 'raw' | 'hex' | 'hexdump' | 'base64' | 'json' | 'decoded';
export type TimeForm = 'none' | 'iso' | 'unix' | 'delta';

export const verbose: Option<boolean> = flag('verbose', {
  letter: 'v',
  group: 'output',
  help: 'Topic before each payload; with pub: say what was published.',
});
export const noNewline: Option<boolean> = flag('no-eol', {
  letter: 'N',
  group: 'output',
  help: 'No line end after a payload.',
});
export const format: Option<string> = text('format', {
  letter: 'F',
  group: 'output',
  help: 'Such as "%t %p" or "{topic:20} {payload.json.temp}"; see `omqtt help formats`.',
});
export const output: Option<OutputForm> = choice(
  'output',
  { text: [], raw: [], hex: [], hexdump: [], base64: [], json: [], decoded: [] },
  { letter: 'o', group: 'output', help: 'How payloads are written. Default: text.' },
);
export type PayloadForm = 'auto' | 'json' | 'cbor' | 'msgpack' | 'sparkplug';
export const decode: Option<PayloadForm> = choice(
  'decode',
  { auto: [], json: [], cbor: [], msgpack: ['messagepack'], sparkplug: ['sparkplug-b', 'spb'] },
  {
    group: 'output',
    help: 'Decode payloads, with -o decoded and in records; auto goes by content type and topic. Another payload fails with 11.',
  },
);
export const json: Option<boolean> = flag('json', {
  aliases: ['ndjson-out'],
  group: 'output',
  help: 'One JSON record a line, lossless; errors are JSON too.',
});
export const time: Option<TimeForm> = choice(
  'time',
  { none: [], iso: [], unix: [], delta: [] },
  { group: 'output', help: 'Time before each message.' },
);
export const quiet: Option<boolean> = flag('quiet', { group: 'output', help: 'Only errors on standard error.' });
export const debug: Option<number> = level('debug', {
  letter: 'd',
  group: 'output',
  help: 'Show each packet on standard error; twice: as a tree.',
});
export const color: Option<'auto' | 'always' | 'never'> = choice(
  'color',
  { auto: [], always: ['yes'], never: ['no'] },
  { group: 'output', help: 'Default: auto, which is never for files, pipes, NO_COLOR and TERM=dumb.' },
);
export const help: Option<boolean> = custom('help', {
  group: 'general',
  takes: 0,
  help: 'Show the options of a command.',
  parse: () => true,
});

export const context: Option<string> = text('ctx', {
  group: 'general',
  valueName: 'NAME',
  help: 'Take what is not given here from this context; see `omqtt ctx`.',
});
export const showConfig: Option<boolean> = flag('show-config', {
  group: 'general',
  help: 'Show the options that hold and where they come from, and do nothing.',
});

export const generalOptions: readonly AnyOption[] = [json, quiet, debug, color, help];
export const contextOptions: readonly AnyOption[] = [context, showConfig];
export const messageOutputOptions: readonly AnyOption[] = [verbose, noNewline, format, output, decode, time];
