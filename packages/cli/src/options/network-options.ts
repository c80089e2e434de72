/** From which address, and to which of several servers. */
import { type AnyOption, flag, text, type Option } from './option.ts';

export const bindAddress: Option<string> = text('bind-address', {
  letter: 'A',
  group: 'connection',
  valueName: 'ADDRESS',
  help: 'Come from this address of this machine. Default: the system chooses.',
});
export const srv: Option<boolean> = flag('srv', {
  letter: 'S',
  group: 'connection',
  help: 'Ask the name service which servers the domain of -h has (_mqtt._tcp, with TLS _secure-mqtt._tcp), and try them in turn.',
});

export const networkOptions: readonly AnyOption[] = [bindAddress, srv];
