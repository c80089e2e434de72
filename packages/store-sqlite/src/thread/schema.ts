/** The tables, and how they came to be. Private to this package: what is in them may change with any version. */
import type { Database } from 'better-sqlite3';
import { FaultError } from './fault.ts';

/** 'OMQT': tells our files from those of other programs. */
const APPLICATION_ID = 0x4f_4d_51_54;

/** One step from each version of the schema to the next. What was published is never changed, only added to. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE session (
    number INTEGER PRIMARY KEY,
    client_id TEXT NOT NULL UNIQUE,
    -- Assigned client id, session expiry, last sign of life.
    facts TEXT NOT NULL,
    -- No sequence above this was ever given.
    sequence_ceiling INTEGER NOT NULL,
    checksum INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE inbound (
    session INTEGER NOT NULL,
    packet_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    PRIMARY KEY (session, packet_id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE subscription (
    session INTEGER NOT NULL,
    filter TEXT NOT NULL,
    options TEXT NOT NULL,
    checksum INTEGER NOT NULL,
    PRIMARY KEY (session, filter)
  ) STRICT, WITHOUT ROWID;
  `,
];

/** Each session has a log of its own, so that its key is the sequence alone and a new message is an append. */
export function createLog(database: Database, session: number): void {
  database.exec(`
    CREATE TABLE ${logName(session)} (
      sequence INTEGER PRIMARY KEY,
      state INTEGER NOT NULL,
      payload_bytes INTEGER NOT NULL,
      checksum INTEGER NOT NULL,
      record BLOB NOT NULL
    ) STRICT;
  `);
}

export function logName(session: number): string {
  return `outbound_${session}`;
}

/** Throws for a file that is not ours, or that a later version has written. Changes nothing. */
export function checkOrigin(database: Database, newest: number = migrations.length): void {
  const version = database.pragma('user_version', { simple: true }) as number;
  const application = database.pragma('application_id', { simple: true }) as number;
  const isEmpty = database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0;
  if (application !== APPLICATION_ID && !(isEmpty && application === 0)) {
    throw new FaultError({
      code: 'store-failed',
      fact: 'the file is a database of another program, and was left as it is; choose another path',
    });
  }
  if (version <= newest) return;
  throw new FaultError({
    code: 'store-too-new',
    fact: `the file has version ${version} of the schema, and this package knows versions up to ${newest}; update it`,
  });
}

/** Brings the file to the newest version, one transaction a step. */
export function migrate(database: Database, steps: readonly string[] = migrations): void {
  const version = database.pragma('user_version', { simple: true }) as number;
  for (const [index, step] of steps.entries()) {
    if (index < version) continue;
    database.transaction(() => {
      database.exec(step);
      database.pragma(`application_id = ${APPLICATION_ID}`);
      database.pragma(`user_version = ${index + 1}`);
    })();
  }
}
