/** What `retained`, `session`, `record` and `replay` take beside what every connection takes. */
import * as message from './message-options.ts';
import { type AnyOption, custom, duration, flag, integer, text, texts, type Option } from './option.ts';
import { UsageError } from '../cli-error.ts';
import { ackTimeout } from './publish-options.ts';
import { filterOut, idle, messageCount, noRetained, only, share, wait } from './subscribe-options.ts';

export const yes: Option<boolean> = flag('yes', {
  group: 'general',
  help: 'Do it; without it only show what would be done.',
});
export const settle: Option<number> = duration('settle', {
  group: 'limits',
  least: 1,
  help: 'All retained messages have come when nothing came for this time. Default: 500ms.',
});
export const retainedOptions: readonly AnyOption[] = [message.topics, yes, settle];

export const sessionOptions: readonly AnyOption[] = [message.topics, settle, yes];

export const recordOptions: readonly AnyOption[] = [
  message.topics,
  message.qos,
  messageCount,
  wait,
  idle,
  only,
  filterOut,
  noRetained,
  share,
];

export const speed: Option<number> = custom('speed', {
  group: 'input',
  valueName: 'N|max',
  help: 'So many times as fast as it was; max does not wait. Default: 1.',
  parse: (given) => parseSpeed(given.at(-1) ?? ''),
});
export const loop: Option<number> = integer('loop', {
  group: 'input',
  least: 1,
  help: 'Play it so often. Default: 1.',
});
export const map: Option<readonly string[]> = texts('map', {
  group: 'message',
  valueName: 'FROM=TO',
  help: 'Topics that begin with FROM begin with TO instead.',
});
export const dryRun: Option<boolean> = flag('dry-run', { group: 'output', help: 'Show what would be published.' });
export const topicPrefix: Option<string> = text('prefix', {
  group: 'message',
  valueName: 'TOPIC',
  help: 'Put this before each topic.',
});

export const replayOptions: readonly AnyOption[] = [
  speed,
  loop,
  map,
  topicPrefix,
  only,
  dryRun,
  message.qos,
  ackTimeout,
];

function parseSpeed(given: string): number {
  if (given === 'max') return Infinity;
  const value = Number(given.replace(/x$/, ''));
  if (value > 0) return value;
  throw new UsageError(`is a factor such as 2 or 0.5, or max, not ${JSON.stringify(given)}`);
}
