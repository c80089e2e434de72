/** What `omqtt broker` takes. */
import { host } from './address-options.ts';
import { username, password, passwordEnv, passwordFile, passwordCommand } from './login-options.ts';
import { type AnyOption, flag, integer, text, type Option } from './option.ts';

export const listenPort: Option<number> = integer('port', {
  letter: 'p',
  group: 'connection',
  most: 65_535,
  help: 'Port to listen on; 0 takes a free one. Default: 1883.',
});
export const wsPort: Option<number> = integer('ws-port', {
  group: 'connection',
  most: 65_535,
  help: 'Also listen for WebSockets on this port, at /mqtt; 0 takes a free one.',
});
export const serverCertificate: Option<string> = text('cert', {
  group: 'security',
  valueName: 'FILE',
  help: 'Certificate of the broker (PEM): all ports speak TLS.',
});
export const serverKey: Option<string> = text('key', {
  group: 'security',
  valueName: 'FILE',
  help: 'Its private key (PEM).',
});
export const isReadOnly: Option<boolean> = flag('read-only', {
  group: 'security',
  help: 'Refuse everything that clients publish.',
});

export const brokerOptions: readonly AnyOption[] = [
  host,
  listenPort,
  wsPort,
  serverCertificate,
  serverKey,
  username,
  password,
  passwordFile,
  passwordEnv,
  passwordCommand,
  isReadOnly,
];
