/** What the client tells the logger. A logger that fails must not touch the client. */
import type { LogFacts, Logger } from '@omqtt/contracts';
import type { Status } from './status.ts';

/** The logger of the user, or none, in a form that never throws. */
export function safeLogger(logger: Logger | undefined): Logger {
  if (logger === undefined) return silentLogger;
  const say = (level: keyof Logger, message: string, facts: LogFacts | undefined): void => {
    try {
      logger[level](message, facts);
    } catch {
      // There is nobody left to tell.
    }
  };
  return {
    debug: (message, facts) => say('debug', message, facts),
    info: (message, facts) => say('info', message, facts),
    warn: (message, facts) => say('warn', message, facts),
    error: (message, facts) => say('error', message, facts),
  };
}

export function logStatus(logger: Logger, status: Status): void {
  switch (status.type) {
    case 'connecting':
      logger.debug('connecting', { attempt: status.attempt, url: status.url });
      return;
    case 'connected':
      logger.info('connected', factsOf(status));
      return;
    case 'waiting': {
      const { attempt, phase, error, delayMs } = status;
      logger.warn('not connected, and trying again', { attempt, phase, error, delayMs });
      return;
    }
    case 'disconnected':
      if (status.error === undefined) logger.info('disconnected');
      else logger.error('not connected, and given up', { error: status.error, phase: status.phase });
      return;
    default:
      logger.debug(status.type);
  }
}

function factsOf({ connection }: Extract<Status, { readonly type: 'connected' }>): LogFacts {
  const { number, version, clientId, sessionPresent, keepAliveSeconds, transport } = connection;
  return { number, version, clientId, sessionPresent, keepAliveSeconds, peer: transport.peer };
}

const silentLogger: Logger = { debug: sayNothing, info: sayNothing, warn: sayNothing, error: sayNothing };

function sayNothing(): void {
  // Nobody listens.
}
