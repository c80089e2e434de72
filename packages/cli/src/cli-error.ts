/** Errors of the command line itself. Those of the client keep their classes, and are told apart by `code`. */
import { exitCodes } from './exit-codes.ts';

class CliError extends Error {
  readonly code: string;
  readonly exitCode: number;

  constructor(code: string, exitCode: number, message: string) {
    super(message);
    this.code = code;
    this.exitCode = exitCode;
  }
}

/** What was typed, or stands in a variable or a file, makes no sense. */
export class UsageError extends CliError {
  constructor(message: string) {
    super('usage', exitCodes.usage, message);
  }
}

export class PayloadError extends CliError {
  constructor(message: string) {
    super('payload', exitCodes.payload, message);
  }
}

/** The name service knows no server for the domain. */
export class NoServerError extends CliError {
  constructor(message: string) {
    super('name-not-found', exitCodes.unreachable, message);
  }
}

const fileTroubles: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'it may not be opened',
  EISDIR: 'it is a folder',
  EEXIST: 'it is there already, and is not overwritten: take another name, or remove it',
  ENOSPC: 'there is no space left',
};

/** A file of this machine could not be read or written. */
export class LocalFileError extends CliError {
  constructor(doing: string, path: string, cause: unknown) {
    const { code = '', message } = (cause ?? {}) as NodeJS.ErrnoException;
    const why = fileTroubles[code] ?? message;
    super('local-file', exitCodes.file, `cannot ${doing} ${JSON.stringify(path)}: ${why}`);
    this.cause = cause;
  }
}

export class ExpectationError extends CliError {
  constructor(message: string) {
    super('expectation', exitCodes.expectation, message);
  }
}

/** Nothing came in the time that was allowed. */
export class WaitedTooLongError extends CliError {
  constructor(message: string) {
    super('timed-out', exitCodes.timeout, message);
  }
}

/** The broker went away in the middle of something. */
export class LineLostError extends CliError {
  constructor(when: string) {
    super('connection-lost', exitCodes.connectionLost, `the connection was lost ${when}`);
  }
}

/** What listens there does not answer CONNECT as a broker does. */
export class UnansweredConnectError extends CliError {
  readonly advice = 'Is this the port for MQTT? One for TLS wants --tls or mqtts://, one for WebSocket --ws or ws://.';

  constructor(code: string, message: string, cause: unknown) {
    super(code, exitCodes.connectionLost, message);
    this.cause = cause;
  }
}

/** A filter that the broker does not let go. */
export class UnsubscribeRefusedError extends CliError {
  readonly reasonCode: number;

  constructor(filter: string, reasonCode: number, reason: string) {
    const exitCode = reasonCode === 0x87 ? exitCodes.denied : exitCodes.refused;
    super('unsubscribe-refused', exitCode, `the broker refused to unsubscribe ${JSON.stringify(filter)}: ${reason}`);
    this.reasonCode = reasonCode;
  }
}

/** Ctrl-C, or SIGTERM. */
export class InterruptedError extends CliError {
  constructor() {
    super('interrupted', exitCodes.interrupted, 'interrupted');
  }
}
