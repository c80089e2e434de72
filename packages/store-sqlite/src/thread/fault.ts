/** From what SQLite and the file system say to what a store says. */
import type { StoreError } from '@omqtt/contracts';
import type { StoreFault } from '../sqlite-store-error.ts';

/** A fault that this package has found itself. */
export class FaultError extends Error {
  override readonly name = 'FaultError';
  readonly code = 'store-fault';
  readonly fault: StoreFault;

  constructor(fault: StoreFault) {
    super(fault.fact);
    this.fault = fault;
  }
}

export function corrupt(what: string): FaultError {
  const fact =
    `the file is damaged (${what}) and was left as it is; restore a copy, or move the file away together with its ` +
    '-wal and begin anew';
  return new FaultError({ code: 'store-corrupt', fact });
}

export function faultOf(error: unknown): StoreFault {
  if (error instanceof FaultError) return error.fault;
  const { code = '', message = String(error) } = error as { readonly code?: string; readonly message?: string };
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') return corrupt(message).fault;
  const found = known.find(([prefix]) => code.startsWith(prefix));
  if (found === undefined) return { code: 'store-failed', fact: `${message} (${code || 'unexpected'})` };
  const [, storeCode, fact] = found;
  return { code: storeCode, fact: `${fact} (${code})` };
}

const known: readonly (readonly [string, StoreError['code'], string])[] = [
  [
    'SQLITE_FULL',
    'store-full',
    'there is no room on the disk or below `maxFileBytes`; nothing of this commit was kept',
  ],
  ['ENOSPC', 'store-full', 'there is no room on the disk'],
  ['EDQUOT', 'store-full', 'the quota of the disk is used up'],
  ['SQLITE_BUSY', 'store-locked', 'another process has the file open'],
  ['SQLITE_CANTOPEN', 'store-failed', 'the file cannot be opened or made; look at its folder and permissions'],
  ['SQLITE_READONLY', 'store-failed', 'the file may not be written; look at its permissions'],
  ['SQLITE_IOERR', 'store-failed', 'the disk failed; look at its health before you go on'],
];
