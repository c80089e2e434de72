/** Where nobody reads the log. */
import type { Logger } from 'omqtt';

export const silence: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): void {
  // Nobody listens.
}
