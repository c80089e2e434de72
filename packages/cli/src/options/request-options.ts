/** What `req` and `reply` take beside messages. */
import * as message from './message-options.ts';
import { type AnyOption, custom, duration, flag, integer, type Option } from './option.ts';
import { execute, messageCount } from './subscribe-options.ts';

export const requestQos: Option<message.Qos> = custom('qos', {
  letter: 'q',
  group: 'message',
  valueName: '0|1|2',
  help: 'Quality of service of request and answer. Default: 1, where the broker tells if nobody listens.',
  parse: message.parseQos,
});
export const answerTimeout: Option<number> = duration('wait', {
  letter: 'W',
  aliases: ['timeout'],
  group: 'limits',
  least: 1,
  help: 'How long to wait for answers. Default: 30s.',
});
export const replies: Option<number> = integer('replies', {
  group: 'limits',
  least: 1,
  help: 'Wait for so many answers. Default: 1.',
});
export const latency: Option<boolean> = flag('latency', {
  group: 'output',
  help: 'Show on standard error how long each answer took.',
});
export const echo: Option<boolean> = flag('echo', { group: 'input', help: 'Answer with the payload of the request.' });
export const concurrency: Option<number> = integer('concurrency', {
  group: 'limits',
  least: 1,
  most: 1000,
  help: 'Answer so many requests at once. Default: 1.',
});

export const requestOptions: readonly AnyOption[] = [
  message.topics,
  requestQos,
  message.retain,
  ...message.propertyOptions,
  message.message,
  message.file,
  message.stdinFile,
  message.nullMessage,
  message.encode,
  message.payloadSize,
  answerTimeout,
  replies,
  latency,
];

export const replyOptions: readonly AnyOption[] = [
  message.topics,
  message.qos,
  message.message,
  message.file,
  message.encode,
  echo,
  execute,
  concurrency,
  messageCount,
];
