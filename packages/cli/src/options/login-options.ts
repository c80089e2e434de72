/** How we show who we are. */
import { type AnyOption, choice, optionalText, text, type Option } from './option.ts';

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

export const loginOptions: readonly AnyOption[] = [
  username,
  password,
  passwordFile,
  passwordEnv,
  passwordCommand,
  auth,
];
