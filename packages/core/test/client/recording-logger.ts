/** A logger that remembers what it was told. */
import type { LogFacts, Logger } from '@omqtt/contracts';

export type Said = readonly [level: keyof Logger, message: string, facts: LogFacts | undefined];

export function recordingLogger(): { readonly logger: Logger; readonly said: Said[] } {
  const said: Said[] = [];
  const logger: Logger = {
    debug: (message, facts) => said.push(['debug', message, facts]),
    info: (message, facts) => said.push(['info', message, facts]),
    warn: (message, facts) => said.push(['warn', message, facts]),
    error: (message, facts) => said.push(['error', message, facts]),
  };
  return { logger, said };
}
