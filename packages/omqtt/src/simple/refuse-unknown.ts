/** Options that do not exist are refused, as the client does it; its own check is no business of its users, and not exported. */
import { InvalidOptionError } from '@omqtt/core';

/** A misspelt option that is silently ignored costs somebody an afternoon. */
export function refuseUnknown(options: object, names: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new InvalidOptionError(unknown, `does not exist; there are ${names.join(', ')}`);
}
