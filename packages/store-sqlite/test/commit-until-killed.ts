/** Makes the commits one by one, prints a line when one is confirmed, and is killed at the step that it was told. */
import { writeSync } from 'node:fs';
import { SqliteStore } from '../src/sqlite-store.ts';
import { resolveOptions } from '../src/store-options.ts';
import { TroubleKind } from '../src/thread/trouble.ts';
import { commits } from './crashing-commits.ts';

const [path = '', step = '0'] = process.argv.slice(2);
const trouble = new SharedArrayBuffer(8);
const store = new SqliteStore(path, resolveOptions({}), trouble);
await store.open('crash');
new Int32Array(trouble).set([Number(step), TroubleKind.kill]);
for (const changes of commits) {
  await store.commit(changes);
  writeSync(1, 'confirmed\n');
}
