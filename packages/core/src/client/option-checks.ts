/** Checks of single options; each failure names the option and says what it has to be. */
import { InvalidOptionError } from './errors.ts';

// A misspelt option that is silently ignored costs somebody an afternoon.
export function checkNames(prefix: string, options: object | undefined, known: ReadonlySet<string>): void {
  for (const name of Object.keys(options ?? {})) {
    if (known.has(name)) continue;
    throw new InvalidOptionError(prefix + name, `does not exist; there are ${[...known].join(', ')}`);
  }
}

export function checkInteger(
  option: string,
  value: number,
  [least, most]: readonly [least: number, most: number],
): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new InvalidOptionError(option, `is a whole number from ${least} to ${most}, not ${String(value)}`);
  }
}

/** Like `checkInteger`, but Infinity says that there is no limit. */
export function checkCount(option: string, value: number, least: number): void {
  if (value !== Infinity) checkInteger(option, value, [least, Number.MAX_SAFE_INTEGER]);
}

export function checkMilliseconds(option: string, value: number): void {
  if (typeof value === 'number' && value >= 0) return;
  throw new InvalidOptionError(option, `is a number of milliseconds, not ${String(value)}`);
}

export function checkOneOf(option: string, value: unknown, known: readonly unknown[]): void {
  if (known.includes(value)) return;
  throw new InvalidOptionError(option, `is ${known.map((one) => JSON.stringify(one)).join(' or ')}`);
}
