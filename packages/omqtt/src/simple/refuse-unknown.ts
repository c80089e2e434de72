/** Options that do not exist are refused, as everywhere in this package. */
import { InvalidOptionError } from '@omqtt/core';

/** A misspelt option that is silently ignored costs somebody an afternoon. */
export function refuseUnknown(options: object, names: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new InvalidOptionError(unknown, `does not exist; there are ${names.join(', ')}`);
}
