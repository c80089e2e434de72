import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { sqliteStore } from '../src/index.ts';
import { message } from './messages.ts';
import { newFolder } from './new-folder.ts';
import { refusalOf } from './refusal.ts';

/** A file with some messages in it. */
async function storeWithMessages(count = 200): Promise<string> {
  const path = `${newFolder()}/state.db`;
  const store = sqliteStore(path);
  await store.open('a');
  await store.commit(Array.from({ length: count }, (_, index) => ({ type: 'put', message: message(index + 1) })));
  await store.close();
  return path;
}

const NOTHING = new Uint8Array(0);

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** What is in the database and its log. */
function contents(path: string): readonly string[] {
  return [path, `${path}-wal`].map((file) => (existsSync(file) ? digestOf(readFileSync(file)) : digestOf(NOTHING)));
}

/** What the store says of the file, which it leaves as it is. */
async function verdictOn(path: string): Promise<readonly [code: string, message: string]> {
  const before = contents(path);
  const { code, retryable, message: text } = await refusalOf(sqliteStore(path).open('a'));
  expect(retryable).toBe(false);
  expect(contents(path)).toEqual(before);
  return [code, text];
}

function saying(text: string): string {
  return expect.stringContaining(text) as string;
}

test('a file of a later version of the schema is refused and left as it is', async () => {
  const path = await storeWithMessages();
  const database = new Database(path);
  database.pragma('user_version = 99');
  database.close();
  expect(await verdictOn(path)).toEqual(['store-too-new', saying('version 99')]);
});

test('a database of another program is refused and left as it is', async () => {
  const path = `${newFolder()}/state.db`;
  const database = new Database(path);
  database.exec('CREATE TABLE theirs (a)');
  database.close();
  expect(await verdictOn(path)).toEqual(['store-failed', saying('another program')]);
});

test('a file that is no database is reported as corrupt and left as it is', async () => {
  const path = `${newFolder()}/state.db`;
  writeFileSync(path, 'These are the notes of somebody, and no database.\n'.repeat(100));
  expect(await verdictOn(path)).toEqual(['store-corrupt', saying('damaged')]);
});

test('a file that lost its end is reported as corrupt and left as it is', async () => {
  const path = await storeWithMessages();
  truncateSync(path, statSync(path).size - 5000);
  expect(await verdictOn(path)).toEqual(['store-corrupt', saying('damaged')]);
});

test('an empty file beside a write-ahead log is reported as corrupt, and the log is not deleted', async () => {
  const path = await storeWithMessages();
  truncateSync(path, 0);
  writeFileSync(`${path}-wal`, new Uint8Array(5000));
  expect(await verdictOn(path)).toEqual(['store-corrupt', saying('it is empty')]);
});

test('one flipped bit in the payload of one message is reported', async () => {
  const path = await storeWithMessages();
  const bytes = readFileSync(path);
  const at = bytes.indexOf(new Uint8Array(100).fill(77));
  bytes.writeUInt8(bytes.readUInt8(at + 50) ^ 4, at + 50);
  writeFileSync(path, bytes);
  expect(await verdictOn(path)).toEqual(['store-corrupt', saying('message 77')]);
});

test('without `verifyOnOpen` the damage is reported when the message is read', async () => {
  const path = await storeWithMessages();
  const bytes = readFileSync(path);
  const at = bytes.indexOf(new Uint8Array(100).fill(77));
  bytes.writeUInt8(0, at + 50);
  writeFileSync(path, bytes);
  const store = sqliteStore(path, { verifyOnOpen: false });
  const session = await store.open('a');
  expect(await session.read(0, 10)).toHaveLength(10);
  await expect(session.read(70, 10)).rejects.toMatchObject({ code: 'store-corrupt' });
  await store.close();
});

test('a folder that does not exist, and a path that is a folder, are refused with what to do', async () => {
  const folder = newFolder();
  await expect(sqliteStore(`${folder}/missing/state.db`).open('a')).rejects.toMatchObject({
    code: 'store-failed',
    message: saying('make it first'),
  });
  expect(existsSync(`${folder}/missing`)).toBe(false);
  mkdirSync(`${folder}/sub`);
  await expect(sqliteStore(`${folder}/sub`).open('a')).rejects.toMatchObject({ code: 'store-failed' });
});

test('after a refusal the same store can be opened when the reason is gone', async () => {
  const folder = newFolder();
  const store = sqliteStore(`${folder}/sub/state.db`);
  await expect(store.open('a')).rejects.toMatchObject({ code: 'store-failed' });
  mkdirSync(`${folder}/sub`);
  await expect(store.open('a')).resolves.toMatchObject({ nextSequence: 1 });
  await store.close();
});

test('only its owner may read the file', async () => {
  const path = await storeWithMessages(1);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});
