/** What to receive, and when to stop. */
import { type AnyOption, choice, custom, duration, flag, integer, text, texts, type Option } from './option.ts';
import { parseQos, type Qos } from './message-options.ts';

export const subscribeQos: Option<Qos> = custom('qos', {
  letter: 'q',
  group: 'message',
  valueName: '0|1|2',
  help: 'Highest quality of service to receive; FILTER@QOS says it for one filter. Default: 0.',
  parse: parseQos,
});
export const unsubscribe: Option<readonly string[]> = texts('unsubscribe', {
  letter: 'U',
  group: 'session',
  valueName: 'FILTER',
  help: 'First take this filter out of the session that the broker keeps (needs -i and -c).',
});
export const messageCount: Option<number> = integer('msg-count', {
  letter: 'C',
  aliases: ['count'],
  group: 'limits',
  least: 1,
  help: 'Stop after so many messages.',
});
export const wait: Option<number> = duration('wait', {
  letter: 'W',
  aliases: ['timeout'],
  group: 'limits',
  least: 1,
  help: 'Stop after this time; fails if -C was not reached, or nothing came.',
});
export const idle: Option<number> = duration('idle', {
  group: 'limits',
  least: 1,
  help: 'Stop when nothing came for this time.',
});
export const exitAfterSuback: Option<boolean> = flag('exit-after-suback', {
  letter: 'E',
  group: 'limits',
  help: 'Stop as soon as the broker has confirmed the subscriptions.',
});
export const until: Option<string> = text('until', {
  group: 'limits',
  valueName: 'EXPRESSION',
  help: 'Stop after the first message that matches, such as payload.json.state=ready.',
});
export const expect: Option<string> = text('expect', {
  group: 'limits',
  valueName: 'EXPRESSION',
  help: 'Fail with 10 unless a message matched before the end.',
});
export const only: Option<string> = text('only', {
  group: 'limits',
  valueName: 'EXPRESSION',
  help: 'Show only messages that match.',
});
export const filterOut: Option<readonly string[]> = texts('filter-out', {
  letter: 'T',
  group: 'limits',
  valueName: 'FILTER',
  help: 'Show no messages of these topics.',
});
export const noRetained: Option<boolean> = flag('no-retained', {
  letter: 'R',
  group: 'limits',
  help: 'Show no retained messages.',
});
export const retainedOnly: Option<boolean> = flag('retained-only', {
  group: 'limits',
  help: 'Show only retained messages, and stop at the first that is not.',
});
export const removeRetained: Option<boolean> = flag('remove-retained', {
  group: 'limits',
  help: 'Take each retained message that is shown away at the broker.',
});
export const noLocal: Option<boolean> = flag('no-local', {
  group: 'message',
  help: 'Not what this client publishes itself (MQTT 5).',
});
export const retainAsPublished: Option<boolean> = flag('retain-as-published', {
  group: 'message',
  help: 'Keep the retain flag as it was published (MQTT 5).',
});
export const retainHandling: Option<'always' | 'new' | 'never'> = choice(
  'retain-handling',
  { always: ['0'], new: ['1'], never: ['2'] },
  { group: 'message', help: 'When the broker sends retained messages (MQTT 5). Default: always.' },
);
export const subscriptionId: Option<number> = integer('sub-id', {
  group: 'message',
  least: 1,
  most: 268_435_455,
  help: 'Subscription identifier (MQTT 5).',
});
export const share: Option<string> = text('share', {
  group: 'message',
  valueName: 'GROUP',
  help: 'Share the messages with all subscribers of the group.',
});
export const partial: Option<boolean> = flag('partial', {
  group: 'limits',
  help: 'Go on when the broker refuses some of the filters.',
});
export const stats: Option<boolean> = flag('stats', {
  group: 'output',
  help: 'Show rates once a second instead of messages.',
});
export const sample: Option<number> = integer('sample', {
  group: 'limits',
  least: 1,
  help: 'Show every Nth message.',
});
export const execute: Option<string> = text('exec', {
  group: 'output',
  valueName: 'COMMAND',
  help: 'Run the command for each message, with the payload on its standard input and OMQTT_TOPIC and others in its environment.',
});
export const outDir: Option<string> = text('out-dir', {
  group: 'output',
  valueName: 'FOLDER',
  help: 'Write each payload to a file of its own.',
});

export const subscribeOptions: readonly AnyOption[] = [
  subscribeQos,
  messageCount,
  unsubscribe,
  wait,
  idle,
  exitAfterSuback,
  until,
  expect,
  only,
  filterOut,
  noRetained,
  retainedOnly,
  removeRetained,
  noLocal,
  retainAsPublished,
  retainHandling,
  subscriptionId,
  share,
  partial,
  stats,
  sample,
  execute,
  outDir,
];
