/** Looks whether the file is what this package wrote, without changing a byte of it. */
import { statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { corrupt } from './fault.ts';
import {
  checkInboundRow,
  checkLogRow,
  checkSessionRow,
  checkSubscriptionRow,
  type InboundRow,
  type LogRow,
  type SessionRow,
  type SubscriptionRow,
} from './rows.ts';
import { checkOrigin, logName, migrations } from './schema.ts';

/**
 * A connection that may not write does not carry the log over when it ends, as any other would: damage is found before
 * that. Throws what it finds. It may leave an empty log and an index beside the file: who deletes those without the lock
 * could take them from the next owner.
 */
export function checkFile(path: string, isThorough: boolean): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  const logSize = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  // SQLite takes an empty file for a new one, and deletes the log.
  if (size === 0 && logSize > 0) throw corrupt('it is empty, but has a write-ahead log');
  if (size === 0) return;
  const database = new Database(path, { readonly: true, fileMustExist: true, timeout: 0 });
  try {
    database.transaction(() => {
      checkOrigin(database);
      if (isThorough) checkRows(database);
    })();
  } finally {
    database.close();
  }
}

function checkRows(database: Database.Database): void {
  const [found] = database.pragma('quick_check(1)') as readonly { readonly quick_check: string }[];
  if (found?.quick_check !== 'ok') throw corrupt(found?.quick_check ?? 'it cannot be checked');
  // The rows of an older version may look different: they are verified as they are read. Version 0 has none.
  if (database.pragma('user_version', { simple: true }) !== migrations.length) return;
  const sessions = database.prepare<[], SessionRow>('SELECT * FROM session').all();
  for (const session of sessions) {
    checkSessionRow(session);
    checkLog(database, logName(session.number));
  }
  for (const row of database.prepare<[], InboundRow>('SELECT * FROM inbound').iterate()) checkInboundRow(row);
  for (const row of database.prepare<[], SubscriptionRow>('SELECT * FROM subscription').iterate()) {
    checkSubscriptionRow(row);
  }
}

/** By the window: one row after the other takes twice the time, and all at once takes the memory. */
function checkLog(database: Database.Database, log: string): void {
  const window = database
    .prepare<[number, number], LogRow>(`SELECT * FROM ${log} WHERE sequence > ? ORDER BY sequence LIMIT ?`)
    .raw();
  // Big messages come alone or in few, so that a window of them is not big, too.
  const widest = database.prepare<[], number | null>(`SELECT max(payload_bytes) FROM ${log}`).pluck().get() ?? 0;
  const limit = Math.max(1, Math.min(MOST_ROWS, Math.floor(WINDOW_BYTES / (widest + 1))));
  for (let after = Number.MIN_SAFE_INTEGER; ;) {
    const rows = window.all(after, limit);
    for (const row of rows) checkLogRow(row);
    const last = rows.at(-1);
    if (last === undefined) return;
    [after] = last;
  }
}

const MOST_ROWS = 500;
const WINDOW_BYTES = 8 * 1024 * 1024;
