/** One line of JSON for each event, for whoever collects logs. Facts are told by name; secrets are not among them. */
import type { Logger, MqttError } from 'omqtt';

const LEVELS = { debug: 10, info: 20, warn: 30, error: 40 } as const;
export type LogLevel = keyof typeof LEVELS;

type Facts = Readonly<Record<string, unknown>>;

export function jsonLog(write: (line: string) => void, least: LogLevel = 'info'): Logger {
  const log = (level: LogLevel, message: string, facts: Facts = {}): void => {
    if (LEVELS[level] < LEVELS[least]) return;
    const entry = { time: new Date().toISOString(), level, message, ...printable(facts) };
    write(`${JSON.stringify(entry)}\n`);
  };
  return {
    debug: (message, facts) => log('debug', message, facts),
    info: (message, facts) => log('info', message, facts),
    warn: (message, facts) => log('warn', message, facts),
    error: (message, facts) => log('error', message, facts),
  };
}

function printable(facts: Facts): Facts {
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [name, value instanceof Error ? told(value) : value]),
  );
}

/** Not the whole error: what hangs on it may hold options, and with them a password. */
function told(error: Error): Facts {
  const { code, reasonCode } = error as Partial<MqttError>;
  return {
    name: error.name,
    message: error.message,
    ...(code !== undefined && { code }),
    ...(reasonCode !== undefined && { reasonCode }),
  };
}
