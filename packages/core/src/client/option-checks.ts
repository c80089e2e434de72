/** Checks options against a table of what there is; each failure names the option and says what it has to be. */
import { InvalidPacketError, type Packet, PacketEncoder } from '@omqtt/codec';
import { InvalidOptionError } from './errors.ts';

/** What an option may be, as data: a bundler can leave out tables that nobody uses. */
export type OptionRule =
  | 'anything'
  | 'milliseconds'
  /** A whole number within, or Infinity where that is the upper end. */
  | readonly [least: number, most: number]
  /** One of the texts. */
  | readonly string[]
  | OptionRules;

export interface OptionRules {
  readonly [name: string]: OptionRule;
}

// A misspelt option that is silently ignored costs somebody an afternoon.
export function checkOptions(options: object | undefined, rules: OptionRules, prefix = ''): void {
  for (const [name, value] of Object.entries(options ?? {})) {
    const option = prefix + name;
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (rule === undefined) throw unknownOption(option, Object.keys(rules));
    if (value !== undefined) checkOption(option, value, rule);
  }
}

/** Nothing but names, which is all that can be afforded for each message. */
export function checkNames(options: object, names: ReadonlySet<string>, prefix = ''): void {
  for (const name in options) {
    if (!names.has(name)) throw unknownOption(prefix + name, [...names]);
  }
}

/** A misspelt name would connect without the password that somebody has written down. */
export function checkCredentials(credentials: object): void {
  checkNames(credentials, CREDENTIALS, 'credentials.');
}

const CREDENTIALS: ReadonlySet<string> = new Set(['username', 'password', 'expiresAt']);

function unknownOption(option: string, names: readonly string[]): InvalidOptionError {
  return new InvalidOptionError(option, `does not exist; there are ${names.join(', ')}`);
}

function checkOption(option: string, value: unknown, rule: OptionRule): void {
  if (rule === 'anything') return;
  if (rule === 'milliseconds') {
    if (typeof value === 'number' && value >= 0) return;
    throw new InvalidOptionError(option, `is a number of milliseconds, not ${String(value)}`);
  }
  if (!isList(rule)) {
    // `reconnect` may be false.
    if (typeof value === 'object') checkOptions(value ?? undefined, rule, `${option}.`);
    return;
  }
  const [least, most] = rule;
  if (typeof least !== 'number') {
    if (rule.includes(value as never)) return;
    throw new InvalidOptionError(option, `is ${rule.map((one) => JSON.stringify(one)).join(' or ')}`);
  }
  const isWithin = typeof value === 'number' && value >= least && value <= Number(most);
  if (isWithin && (Number.isInteger(value) || value === Infinity)) return;
  throw new InvalidOptionError(option, `is a whole number from ${least} to ${most}, not ${String(value)}`);
}

function isList(rule: OptionRule): rule is readonly [number, number] | readonly string[] {
  return Array.isArray(rule);
}

/** Its buffer serves the next check, too. */
const checker = new PacketEncoder({ version: '5.0', role: 'client' });

/** Encodes the packet that options make, to find out now whether they are valid rather than when it is sent. */
export function checkPacket(packet: Packet): void {
  try {
    checker.append(packet);
    checker.take();
  } catch (error) {
    if (!(error instanceof InvalidPacketError)) throw error;
    throw new InvalidOptionError(error.field, `is not valid: ${error.problem.replaceAll('-', ' ')}`);
  }
}
