/** All that `pub` takes beside what every command takes. */
import * as message from './message-options.ts';
import { type AnyOption, duration, type Option } from './option.ts';
import { verbose } from './output-options.ts';

export const ackTimeout: Option<number> = duration('wait', {
  letter: 'W',
  aliases: ['timeout'],
  group: 'limits',
  least: 1,
  help: 'How long to wait for the answer of the broker. Default: 30s.',
});

export const publishOptions: readonly AnyOption[] = [
  message.topics,
  message.qos,
  message.retain,
  ...message.propertyOptions,
  message.message,
  message.file,
  message.stdinFile,
  message.stdinLine,
  message.nullMessage,
  message.ndjson,
  message.delimiter,
  message.nulDelimited,
  message.encode,
  message.template,
  message.payloadSize,
  message.count,
  message.every,
  message.rate,
  ackTimeout,
  verbose,
];
