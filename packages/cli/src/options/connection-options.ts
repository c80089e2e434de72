/** Where the broker is, who we are, and how the way there is secured. Letters mean what they mean to mosquitto. */
import type { SessionChoices } from 'omqtt';
import { cipherOptions } from './cipher-options.ts';
import { networkOptions } from './network-options.ts';
import {
  type AnyOption,
  choice,
  custom,
  duration,
  flag,
  integer,
  optionalText,
  size,
  text,
  texts,
  type Option,
} from './option.ts';
import { parseDuration, parseInteger } from './quantities.ts';
import { parseRawProperties, type RawProperty } from './raw-properties.ts';

export type Version = '5' | '3.1.1' | 'auto';

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
export const version: Option<Version> = choice(
  'mqtt-version',
  { '5': ['mqttv5', '5.0', '50'], '3.1.1': ['mqttv311', '311', '4'], auto: [] },
  {
    letter: 'V',
    aliases: ['protocol-version'],
    group: 'connection',
    help: 'Version of MQTT; auto tries 5, then 3.1.1. Default: 5.',
  },
);
export const fallback: Option<boolean> = flag('fallback', {
  group: 'connection',
  help: 'The same as --mqtt-version auto.',
});
export const connectTimeout: Option<number> = duration('connect-timeout', {
  group: 'connection',
  least: 1,
  help: 'From the look-up of the name to CONNACK. Default: 10s.',
});
export const keepAlive: Option<number> = duration('keepalive', {
  letter: 'k',
  group: 'connection',
  most: 65_535_000,
  help: 'Longest silence before a ping; 0 turns it off. Default: 60s.',
});
export const retry: Option<number> = custom('retry', {
  group: 'connection',
  valueName: 'N|forever',
  help: 'Attempts to connect again after a loss. Default: forever for commands that keep running, 0 for the others.',
  parse: (given) => parseRetry(given.at(-1) ?? ''),
});
export const id: Option<string> = text('id', {
  letter: 'i',
  group: 'session',
  valueName: 'ID',
  help: 'Client id. Default: the broker assigns one.',
});
export const idPrefix: Option<string> = text('id-prefix', {
  letter: 'I',
  group: 'session',
  valueName: 'PREFIX',
  help: 'Client id of this prefix and the number of the process.',
});
export const keepSession: Option<boolean> = flag('disable-clean-session', {
  letter: 'c',
  group: 'session',
  help: 'Continue the session that the broker has for the client id (needs -i), and leave it there.',
});
export const sessionExpiry: Option<number> = custom('session-expiry', {
  letter: 'x',
  aliases: ['session-expiry-interval'],
  group: 'session',
  valueName: 'TIME',
  help: 'How long the broker keeps the session after the end; `never` ends never. Default: 0, with -c never.',
  parse: (given) => parseExpiry(given.at(-1) ?? ''),
});
export const db: Option<string> = text('db', {
  group: 'session',
  valueName: 'FILE',
  help: 'Keep the session in this SQLite file, so that nothing is lost when the process ends (Node 22.2 and later).',
});
export const receiveMaximum: Option<number> = integer('receive-maximum', {
  group: 'session',
  least: 1,
  most: 65_535,
  help: 'Messages of QoS 1 and 2 that the broker may have on their way to us.',
});
export const maximumPacket: Option<number> = size('maximum-packet-size', {
  group: 'session',
  help: 'The largest packet to accept.',
});
export const sendMaximum: Option<number> = integer('max-inflight', {
  letter: 'M',
  group: 'session',
  least: 1,
  most: 65_535,
  help: 'Messages of QoS 1 and 2 on their way to the broker.',
});
export const username: Option<string> = text('username', {
  letter: 'u',
  group: 'security',
  valueName: 'NAME',
  help: 'User name.',
});
export const password: Option<string> = optionalText('password', {
  letter: 'P',
  aliases: ['pw'],
  group: 'security',
  valueName: 'PASSWORD',
  isSecret: true,
  help: 'Password; without a value it is asked for. Others can read it on the command line: prefer the next three.',
});
export const passwordFile: Option<string> = text('password-file', {
  group: 'security',
  valueName: 'FILE',
  help: 'Read the password from the first line of the file; - is standard input.',
});
export const passwordEnv: Option<string> = text('password-env', {
  group: 'security',
  valueName: 'NAME',
  help: 'Read the password from this variable.',
});
export const passwordCommand: Option<string> = text('password-cmd', {
  group: 'security',
  valueName: 'COMMAND',
  help: 'Read the password from the first line that this command prints.',
});
export type AuthMethod = 'scram-sha-1' | 'scram-sha-256' | 'scram-sha-512';
export const auth: Option<AuthMethod> = choice(
  'auth',
  { 'scram-sha-1': [], 'scram-sha-256': ['scram'], 'scram-sha-512': [] },
  { group: 'security', help: 'Prove the password without sending it (MQTT 5).' },
);
export const tls: Option<boolean> = flag('tls', {
  group: 'security',
  help: 'Encrypt. Implied by --cafile, --cert and port 8883.',
});
export const caFile: Option<string> = text('cafile', {
  aliases: ['ca'],
  group: 'security',
  valueName: 'FILE',
  help: 'Trust these authorities instead of those of the system (PEM).',
});
export const caPath: Option<string> = text('capath', {
  group: 'security',
  valueName: 'FOLDER',
  help: 'Trust the authorities in the files of this folder that end with .pem, .crt or .cer, or have the name of a hash.',
});
export const certificate: Option<string> = text('cert', {
  group: 'security',
  valueName: 'FILE',
  help: 'Certificate of the client (PEM).',
});
export const key: Option<string> = text('key', {
  group: 'security',
  valueName: 'FILE',
  help: 'Its private key (PEM).',
});
export const keyPasswordFile: Option<string> = text('key-password-file', {
  group: 'security',
  valueName: 'FILE',
  help: 'Read the password of the key from the first line of the file.',
});
export const pin: Option<readonly string[]> = texts('ca-pin', {
  group: 'security',
  valueName: 'SHA256',
  help: 'Fingerprint of a certificate that the broker has to show.',
});
export type LeastTls = 'tlsv1.2' | 'tlsv1.3';
export const tlsVersion: Option<LeastTls> = choice(
  'tls-version',
  { 'tlsv1.2': ['1.2'], 'tlsv1.3': ['1.3'] },
  { group: 'security', help: 'The least version of TLS. Default: tlsv1.2.' },
);
export const alpn: Option<readonly string[]> = texts('tls-alpn', {
  group: 'security',
  valueName: 'PROTOCOL',
  help: 'Protocol to ask for in the TLS handshake.',
});
export const serverName: Option<string> = text('sni', {
  group: 'security',
  valueName: 'NAME',
  help: 'Name to ask for and to check instead of the host.',
});
export const insecure: Option<boolean> = flag('insecure', {
  group: 'security',
  help: 'Accept any certificate. Only on the command line, and only for tests.',
});
export const properties: Option<readonly RawProperty[]> = custom('property', {
  letter: 'D',
  group: 'message',
  takes: 3,
  repeats: true,
  valueName: 'COMMAND PROPERTY VALUE',
  help: 'A property as mosquitto names it: -D publish content-type text/plain, -D connect user-property NAME VALUE.',
  parse: parseRawProperties,
});

export const connectionOptions: readonly AnyOption[] = [
  url,
  host,
  port,
  unix,
  ws,
  wsPath,
  wsHeader,
  proxy,
  version,
  fallback,
  connectTimeout,
  keepAlive,
  retry,
  id,
  idPrefix,
  keepSession,
  sessionExpiry,
  db,
  receiveMaximum,
  maximumPacket,
  sendMaximum,
  username,
  password,
  passwordFile,
  passwordEnv,
  passwordCommand,
  auth,
  tls,
  caFile,
  caPath,
  certificate,
  key,
  keyPasswordFile,
  pin,
  tlsVersion,
  alpn,
  serverName,
  insecure,
  properties,
  ...networkOptions,
  ...cipherOptions,
];

function parseRetry(given: string): number {
  return given === 'forever' ? Infinity : parseInteger(given);
}

/** In seconds; 0xFFFFFFFF is without end. */
export const NEVER_SECONDS: NonNullable<SessionChoices['expirySeconds']> = 0xffff_ffff;

function parseExpiry(given: string): number {
  if (/^(?:never|∞)$/.test(given)) return NEVER_SECONDS;
  return Math.round(parseDuration(given, { most: NEVER_SECONDS * 1000 }) / 1000);
}
