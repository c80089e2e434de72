/** Where the broker is. Letters mean what they mean to mosquitto. */
import { type AnyOption, flag, integer, text, texts, type Option } from './option.ts';

export const url: Option<string> = text('url', {
  letter: 'L',
  group: 'connection',
  valueName: 'URL',
  help: 'Broker, such as mqtts://user@host:8883; schemes mqtt, mqtts, ws, wss, unix. A path of mqtt and mqtts is the topic.',
});
export const host: Option<string> = text('host', {
  letter: 'h',
  group: 'connection',
  valueName: 'HOST',
  help: 'Name or address of the broker. Default: localhost.',
});
export const port: Option<number> = integer('port', {
  letter: 'p',
  group: 'connection',
  least: 1,
  most: 65_535,
  help: 'Default: 1883, with TLS 8883, with WebSocket 80 or 443.',
});
export const unix: Option<string> = text('unix', {
  group: 'connection',
  valueName: 'FILE',
  help: 'Connect to a unix socket.',
});
export const ws: Option<boolean> = flag('ws', { group: 'connection', help: 'Speak through a WebSocket.' });
export const wsPath: Option<string> = text('ws-path', {
  group: 'connection',
  valueName: 'PATH',
  help: 'Path of the WebSocket. Default: /mqtt.',
});
export const wsHeader: Option<readonly string[]> = texts('ws-header', {
  group: 'connection',
  valueName: 'NAME:VALUE',
  isSecret: true,
  help: 'A header for the WebSocket handshake.',
});
export const proxy: Option<string> = text('proxy', {
  group: 'connection',
  valueName: 'URL',
  isSecret: true,
  help: 'socks5://host:port or http://host:port on the way.',
});

export const addressOptions: readonly AnyOption[] = [url, host, port, unix, ws, wsPath, wsHeader, proxy];
