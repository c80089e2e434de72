/** What `omqtt decode` takes. */
import { decode } from './output-options.ts';
import { type AnyOption, choice, flag, text, type Option } from './option.ts';

export const assumedVersion: Option<'5' | '3.1.1'> = choice(
  'mqtt',
  { '5': ['5.0'], '3.1.1': ['4', '311', '3'] },
  {
    group: 'input',
    help: 'Version of packets whose CONNECT is missing: 5 (or 5.0), or 3.1.1 (or 4, 311, and 3 for MQTT 3.1). Default: what they look like.',
  },
);
export const fromServer: Option<boolean> = flag('from-server', {
  group: 'input',
  help: 'The bytes came from the broker. Default: what their first packet looks like.',
});
export const lines: Option<boolean> = flag('lines', { group: 'output', help: 'One line a packet instead of a tree.' });
export const packetFilter: Option<string> = text('filter', {
  group: 'limits',
  valueName: 'EXPRESSION',
  help: 'Only packets that match, such as "type:publish qos>=1" or "has:lint".',
});
export const withSecrets: Option<boolean> = flag('with-secrets', {
  group: 'output',
  help: 'Show passwords and authentication data.',
});

export const decodeOptions: readonly AnyOption[] = [
  assumedVersion,
  fromServer,
  lines,
  decode,
  packetFilter,
  withSecrets,
];
