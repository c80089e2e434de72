/** Commits batch after batch, prints a line for each that is confirmed, and waits after fifty to be killed. */
import { writeSync } from 'node:fs';
import { sqliteStore } from '../src/index.ts';
import { batch } from './torn-batches.ts';

const store = sqliteStore(process.argv[2] ?? '');
await store.open('torn');
for (let number = 0; number < 50; number += 1) {
  await store.commit(batch(number).map((message) => ({ type: 'put', message })));
  writeSync(1, 'confirmed\n');
}
setInterval(() => undefined, 1000);
