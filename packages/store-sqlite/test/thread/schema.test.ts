import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { sqliteStore } from '../../src/index.ts';
import { migrate, migrations } from '../../src/thread/schema.ts';
import { message, readAll } from '../messages.ts';
import { newFolder } from '../new-folder.ts';

const NEXT = migrations.length + 1;
/** What the next version of this package might bring. */
const nextStep = "ALTER TABLE session ADD COLUMN note TEXT NOT NULL DEFAULT 'new'";

/** A file as this version leaves it, with a message in it; opened without the store. */
async function fileOfThisVersion(): Promise<{ readonly path: string; readonly database: Database.Database }> {
  const path = `${newFolder()}/state.db`;
  const store = sqliteStore(path);
  await store.open('a');
  await store.commit([{ type: 'put', message: message(1) }]);
  await store.close();
  const database = new Database(path);
  onTestFinished(() => void database.close());
  return { path, database };
}

function versionOf(database: Database.Database): unknown {
  return database.pragma('user_version', { simple: true });
}

test('a file of an older version is brought to the newest by the steps that it lacks, and keeps what it had', async () => {
  const { database } = await fileOfThisVersion();
  // The first steps would fail, since their tables exist.
  migrate(database, [...migrations, nextStep]);
  expect(versionOf(database)).toBe(NEXT);
  expect(database.prepare('SELECT client_id, note FROM session').all()).toEqual([{ client_id: 'a', note: 'new' }]);
  expect(database.prepare('SELECT count(*) FROM outbound_1').pluck().get()).toBe(1);
});

test('a new file takes every step from the first one on', () => {
  const database = new Database(':memory:');
  onTestFinished(() => void database.close());
  migrate(database, [...migrations, nextStep]);
  expect(versionOf(database)).toBe(NEXT);
  expect(database.prepare('SELECT count(note) FROM session').pluck().get()).toBe(0);
});

test('a step that fails changes nothing: this version still opens the file', async () => {
  const { path, database } = await fileOfThisVersion();
  expect(() => migrate(database, [...migrations, `${nextStep}; SELECT nonsense FROM nowhere`])).toThrow('nowhere');
  expect(versionOf(database)).toBe(migrations.length);
  database.close();
  const store = sqliteStore(path);
  expect(await readAll(await store.open('a'))).toEqual([message(1)]);
  await store.close();
});

test('a file that a later version has migrated is refused by this one, which says what to do', async () => {
  const { path, database } = await fileOfThisVersion();
  migrate(database, [...migrations, nextStep]);
  database.close();
  await expect(sqliteStore(path).open('a')).rejects.toMatchObject({
    code: 'store-too-new',
    message: expect.stringMatching(`version ${NEXT} .* up to ${migrations.length}; update it`) as string,
  });
});
