/** What a message is, and where its payload comes from. */
import { UsageError } from '../cli-error.ts';
import { type AnyOption, choice, custom, duration, flag, integer, size, text, texts, type Option } from './option.ts';

export type Qos = 0 | 1 | 2;
export type Encoding = 'text' | 'base64' | 'hex' | 'json' | 'cbor' | 'msgpack';
export type AliasChoice = 'never' | 'try' | 'always';

export const topics: Option<readonly string[]> = texts('topic', {
  letter: 't',
  group: 'message',
  valueName: 'TOPIC',
  help: 'Topic, or filter; may be given again.',
});
export const qos: Option<Qos> = custom('qos', {
  letter: 'q',
  group: 'message',
  valueName: '0|1|2',
  help: 'Quality of service. Default: 0.',
  parse: parseQos,
});
export const retain: Option<boolean> = flag('retain', {
  letter: 'r',
  group: 'message',
  help: 'The broker keeps it as the last message of its topic.',
});
export const expiry: Option<number> = duration('expiry', {
  group: 'message',
  most: 0xffff_ffff * 1000,
  help: 'How long it is worth delivering, in whole seconds (MQTT 5).',
});
export const contentType: Option<string> = text('content-type', {
  group: 'message',
  valueName: 'TYPE',
  help: 'What the payload is, such as application/json (MQTT 5).',
});
export const payloadFormat: Option<'text' | 'bytes'> = choice(
  'payload-format',
  { text: ['1', 'utf8'], bytes: ['0'] },
  { group: 'message', help: 'Payload format indicator (MQTT 5).' },
);
export const responseTopic: Option<string> = text('response-topic', {
  letter: 'e',
  group: 'message',
  valueName: 'TOPIC',
  help: 'Where answers go (MQTT 5).',
});
export const correlation: Option<string> = text('correlation', {
  group: 'message',
  valueName: 'hex:…|text:…|@FILE',
  help: 'Correlation data (MQTT 5).',
});
export const user: Option<readonly (readonly [string, string])[]> = custom('user', {
  group: 'message',
  repeats: true,
  valueName: 'NAME=VALUE',
  help: 'A user property; may be given again (MQTT 5).',
  parse: (given) => given.map(parseUserProperty),
});
export const alias: Option<AliasChoice> = choice(
  'alias',
  { never: [], try: ['auto'], always: [] },
  { group: 'message', help: 'Send a number instead of the topic where the broker allows it (MQTT 5). Default: never.' },
);

export const message: Option<string> = text('message', {
  letter: 'm',
  group: 'input',
  help: 'The payload.',
});
export const nullMessage: Option<boolean> = flag('null-message', {
  letter: 'n',
  group: 'input',
  help: 'An empty payload; with -r it takes the retained message away.',
});
export const file: Option<string> = text('file', {
  letter: 'f',
  group: 'input',
  valueName: 'FILE',
  help: 'The payload is this file; - is standard input.',
});
export const stdinFile: Option<boolean> = flag('stdin-file', {
  letter: 's',
  group: 'input',
  help: 'The payload is standard input.',
});
export const stdinLine: Option<boolean> = flag('stdin-line', {
  letter: 'l',
  group: 'input',
  help: 'Each line of standard input is a message.',
});
export const delimiter: Option<string> = text('delimiter', {
  group: 'input',
  help: 'What ends a message with -l; \\n, \\t and \\0 are understood. Default: \\n.',
});
export const nulDelimited: Option<boolean> = flag('null-delimited', {
  letter: '0',
  group: 'input',
  help: 'The same as --delimiter "\\0".',
});
export const ndjson: Option<boolean> = flag('ndjson', {
  group: 'input',
  help: 'Each line of standard input is a message record, as `sub --json` writes it.',
});
export const encode: Option<Encoding> = choice(
  'encode',
  { text: [], base64: [], hex: [], json: [], cbor: [], msgpack: [] },
  {
    group: 'input',
    help: 'How the payload is written here: base64 and hex become bytes, json is checked and made compact; cbor and msgpack read JSON and send that format.',
  },
);
export const template: Option<boolean> = flag('template', {
  group: 'input',
  help: 'Replace {{i}} {{now}} {{iso}} {{uuid}} {{rand}} {{rand:LOW:HIGH}} in topic and payload.',
});
export const payloadSize: Option<number> = size('size', {
  group: 'input',
  help: 'A random payload of this size.',
});
export const count: Option<number> = integer('count', {
  aliases: ['repeat'],
  group: 'input',
  least: 1,
  help: 'Publish so often. Default: 1.',
});
export const every: Option<number> = duration('every', {
  aliases: ['repeat-delay'],
  group: 'input',
  help: 'Time between two of them.',
});
export const rate: Option<number> = integer('rate', {
  group: 'input',
  least: 1,
  valueName: 'N',
  help: 'At most so many messages a second.',
});

export const propertyOptions: readonly AnyOption[] = [
  expiry,
  contentType,
  payloadFormat,
  responseTopic,
  correlation,
  user,
  alias,
];

export function parseQos(given: readonly string[]): Qos {
  const level = Number(given.at(-1));
  if (level === 0 || level === 1 || level === 2) return level;
  throw new UsageError(`is 0, 1 or 2, not ${JSON.stringify(given.at(-1))}`);
}

function parseUserProperty(given: string): readonly [string, string] {
  const equals = given.indexOf('=');
  if (equals < 1) throw new UsageError(`reads NAME=VALUE, not ${JSON.stringify(given)}`);
  return [given.slice(0, equals), given.slice(equals + 1)];
}
