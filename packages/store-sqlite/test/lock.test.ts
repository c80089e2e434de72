import { symlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { sqliteStore } from '../src/index.ts';
import { message, readAll } from './messages.ts';
import { newFolder } from './new-folder.ts';
import { refusalOf } from './refusal.ts';
import { startStoreProcess } from './store-process.ts';

test('a file that another process has open is refused with the name of that process', async () => {
  const path = `${newFolder()}/state.db`;
  const other = startStoreProcess('hold-store.ts', [path]);
  await other.printed(1);
  const refusal = await refusalOf(sqliteStore(path).open('mine'));
  const { code, retryable, holder, message: text } = refusal;
  expect({ code, retryable, path: refusal.path }).toEqual({ code: 'store-locked', retryable: true, path });
  expect(holder).toMatchObject({ pid: other.pid, host: hostname() });
  expect(holder?.since).toMatch(/^\d{4}-\d\d-\d\dT/);
  expect(text).toContain(`process ${other.pid} on ${hostname()}`);
});

test('a process that was killed holds nothing, and what it had committed is there', async () => {
  const path = `${newFolder()}/state.db`;
  const other = startStoreProcess('hold-store.ts', [path]);
  await other.printed(1);
  await other.kill();
  const store = sqliteStore(path);
  const session = await store.open('held');
  expect(await readAll(session)).toEqual([message(1)]);
  await store.close();
});

test('a note that names a living process which does not have the file keeps nobody out', async () => {
  const path = `${newFolder()}/state.db`;
  // As after a crash, when the id of the dead process was given to another one.
  writeFileSync(
    `${path}-holder`,
    JSON.stringify({ pid: process.ppid, host: hostname(), since: new Date(0).toISOString() }),
  );
  const store = sqliteStore(path);
  await expect(store.open('a')).resolves.toMatchObject({ nextSequence: 1 });
  await store.close();
});

test('a note of a process that is dead is not believed, nor one that cannot be read', async () => {
  const path = `${newFolder()}/state.db`;
  const other = startStoreProcess('hold-store.ts', [path]);
  await other.printed(1);
  for (const note of [JSON.stringify({ pid: 2 ** 30, host: hostname(), since: 'x' }), '{', '{"pid":"1"}']) {
    writeFileSync(`${path}-holder`, note);
    await expect(sqliteStore(path).open('a')).rejects.toMatchObject({ code: 'store-locked', holder: undefined });
  }
});

test('the note of a holder on another machine or in another container is shown, without what terminals obey', async () => {
  const path = `${newFolder()}/state.db`;
  const other = startStoreProcess('hold-store.ts', [path]);
  await other.printed(1);
  writeFileSync(`${path}-holder`, JSON.stringify({ pid: 7, host: 'pod-1\u001b[2J', since: 'then' }));
  await expect(sqliteStore(path).open('a')).rejects.toMatchObject({
    holder: { pid: 7, host: 'pod-1?[2J', since: 'then' },
  });
});

test('two stores of one process do not share a file, whatever name they call it by', async () => {
  const folder = newFolder();
  const store = sqliteStore(`${folder}/state.db`);
  await store.open('a');
  symlinkSync(`${folder}/state.db`, `${folder}/alias.db`);
  for (const path of [`${folder}/../${folder.split('/').at(-1)}/state.db`, `${folder}/alias.db`]) {
    await expect(sqliteStore(path).open('b')).rejects.toMatchObject({
      code: 'store-locked',
      holder: { pid: process.pid },
    });
  }
  await store.close();
  const next = sqliteStore(`${folder}/alias.db`);
  await next.open('b');
  await next.close();
});
