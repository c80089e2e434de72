/** What `conn` and `ping` take. */
import { custom, duration, flag, integer, type AnyOption, type Option } from './option.ts';
import { parseQos, type Qos } from './message-options.ts';

export const once: Option<boolean> = flag('once', {
  group: 'limits',
  help: 'Disconnect at once instead of holding on.',
});
export const pingCount: Option<number> = integer('count', {
  letter: 'C',
  group: 'limits',
  least: 1,
  help: 'Stop after so many. Default: until Ctrl-C.',
});
export const interval: Option<number> = duration('interval', {
  group: 'limits',
  least: 1,
  help: 'Time between two. Default: 1s.',
});
export const pingTimeout: Option<number> = duration('wait', {
  letter: 'W',
  aliases: ['timeout'],
  group: 'limits',
  least: 1,
  help: 'One that takes longer is lost. Default: 5s.',
});
export const loopQos: Option<Qos> = custom('qos', {
  letter: 'q',
  group: 'message',
  valueName: '0|1|2',
  help: 'Send a message of this QoS to ourselves instead of PINGREQ.',
  parse: parseQos,
});

export const pingOptions: readonly AnyOption[] = [loopQos, pingCount, interval, pingTimeout];
