/** What the broker shall publish when this connection is lost. */
import { type AnyOption, custom, duration, flag, text, type Option } from './option.ts';
import { parseQos, type Qos } from './message-options.ts';

export const willTopic: Option<string> = text('will-topic', {
  group: 'will',
  valueName: 'TOPIC',
  help: 'Topic of the will.',
});
export const willPayload: Option<string> = text('will-payload', {
  group: 'will',
  help: 'Its payload. Default: empty.',
});
export const willQos: Option<Qos> = custom('will-qos', {
  group: 'will',
  valueName: '0|1|2',
  help: 'Its QoS. Default: 0.',
  parse: parseQos,
});
export const willRetain: Option<boolean> = flag('will-retain', { group: 'will', help: 'The broker retains it.' });
export const willDelay: Option<number> = duration('will-delay', {
  group: 'will',
  help: 'How long the broker waits before it publishes the will (MQTT 5).',
  most: 0xffff_ffff * 1000,
});

export const willOptions: readonly AnyOption[] = [willTopic, willPayload, willQos, willRetain, willDelay];
