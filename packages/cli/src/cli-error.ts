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

/** A file of this machine could not be read or written. */
export class LocalFileError extends CliError {
  constructor(doing: string, path: string, cause: unknown) {
    const { code, message } = (cause ?? {}) as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EACCES' ? 'it may not be opened' : message;
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

/** Ctrl-C, or SIGTERM. */
export class InterruptedError extends CliError {
  constructor() {
    super('interrupted', exitCodes.interrupted, 'interrupted');
  }
}
