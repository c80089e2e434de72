// Runs in the same empty project on what the package does not promise: it has to say so, and not to end the process.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sqliteStore, SqliteStoreError } from '@omqtt/store-sqlite';

const folder = mkdtempSync(join(tmpdir(), 'omqtt-refusal-'));
try {
  const refusal = await sqliteStore(join(folder, 'state.db'))
    .open('refused')
    .catch(/** @param {unknown} error */ (error) => error);
  if (!(refusal instanceof SqliteStoreError) || refusal.code !== 'store-failed') throw refusal;
  if (!/needs Node 22\.2 or newer, and this is (?:Node|Bun) /.test(refusal.message)) throw refusal;
  if (readdirSync(folder).length > 0) throw new Error('it has made a file');
} finally {
  rmSync(folder, { recursive: true });
}
