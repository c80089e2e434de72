/** What every command that talks to a broker takes: where it is, who we are, and how they speak. */
import { addressOptions } from './address-options.ts';
import { cipherOptions } from './cipher-options.ts';
import { loginOptions } from './login-options.ts';
import { networkOptions } from './network-options.ts';
import { type AnyOption, choice, custom, duration, flag, type Option } from './option.ts';
import { parseInteger } from './quantities.ts';
import { parseRawProperties, type RawProperty } from './raw-properties.ts';
import { sessionOptions } from './session-options.ts';
import { tlsOptions } from './tls-options.ts';

export type Version = '5' | '3.1.1' | 'auto';

export const version: Option<Version> = choice(
  'mqtt-version',
  { '5': ['mqttv5', '5.0', '50'], '3.1.1': ['mqttv311', '311', '4'], auto: [] },
  {
    letter: 'V',
    aliases: ['protocol-version'],
    group: 'connection',
    help: 'Version of MQTT; auto tries 5, then 3.1.1. Default: 5.',
    refused: {
      names: ['mqttv31', '3.1', '31', '3'],
      because: 'cannot be 3.1, which is not spoken here: take -V 3.1.1, which brokers that know 3.1 know as well',
    },
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
  ...addressOptions,
  version,
  fallback,
  connectTimeout,
  keepAlive,
  retry,
  ...sessionOptions,
  ...loginOptions,
  ...tlsOptions,
  properties,
  ...networkOptions,
  ...cipherOptions,
];

function parseRetry(given: string): number {
  return given === 'forever' ? Infinity : parseInteger(given);
}
