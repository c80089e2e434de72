/** What `omqtt bench` takes beside what every connection takes. */
import * as message from './message-options.ts';
import { type AnyOption, choice, duration, integer, size, text, type Option } from './option.ts';

export const clients: Option<number> = integer('clients', {
  letter: 'n',
  group: 'input',
  least: 1,
  most: 100_000,
  help: 'So many clients; with fanout so many subscribers. Default: 1, with conn 100, with fanout 10.',
});
export const benchDuration: Option<number> = duration('duration', {
  group: 'limits',
  least: 1,
  help: 'How long it is measured. Default: 10s.',
});
export const warmup: Option<number> = duration('warmup', {
  group: 'limits',
  help: 'What comes before is not measured, but checked for loss. Default: 1s.',
});
export const benchCount: Option<number> = integer('count', {
  group: 'limits',
  least: 1,
  help: 'Stop after so many messages of each publisher.',
});
export const benchSize: Option<number> = size('size', {
  group: 'input',
  help: 'Size of a payload, 24 bytes at least: they hold a number and a time. Default: 64.',
});
export const benchRate: Option<number> = integer('rate', {
  group: 'input',
  least: 1,
  help: 'Messages, or connections, a second, of all clients together. Default: as fast as it goes.',
});
export const inFlight: Option<number> = integer('window', {
  group: 'input',
  least: 1,
  most: 65_535,
  help: 'Messages of a publisher that wait for their answers. Default: 1000, with rtt 1.',
});
export const assertion: Option<string> = text('assert', {
  group: 'limits',
  valueName: 'p99<20ms,loss=0',
  help: 'Fail with 10 unless all holds: rate loss duplicates errors min mean p50 p90 p99 p99.9 max.',
});
export type ReportForm = 'text' | 'json' | 'csv' | 'md';
export const report: Option<ReportForm> = choice(
  'report',
  { text: [], json: [], csv: [], md: ['markdown'] },
  { group: 'output', help: 'How the result is written. Default: text.' },
);

export const benchOptions: readonly AnyOption[] = [
  clients,
  benchDuration,
  warmup,
  benchCount,
  benchSize,
  benchRate,
  inFlight,
  message.qos,
  message.topics,
  assertion,
  report,
];
