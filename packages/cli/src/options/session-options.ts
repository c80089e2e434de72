/** Who we are to the broker, and what it keeps for us. */
import type { SessionChoices } from 'omqtt';
import { type AnyOption, custom, flag, integer, size, text, type Option } from './option.ts';
import { parseDuration } from './quantities.ts';

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

export const sessionOptions: readonly AnyOption[] = [
  id,
  idPrefix,
  keepSession,
  sessionExpiry,
  db,
  receiveMaximum,
  maximumPacket,
  sendMaximum,
];

/** In seconds; 0xFFFFFFFF is without end. */
export const NEVER_SECONDS: NonNullable<SessionChoices['expirySeconds']> = 0xffff_ffff;

function parseExpiry(given: string): number {
  if (/^(?:never|∞)$/.test(given)) return NEVER_SECONDS;
  return Math.round(parseDuration(given, { most: NEVER_SECONDS * 1000 }) / 1000);
}
