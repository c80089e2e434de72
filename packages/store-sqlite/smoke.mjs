// Runs in an empty project that installed the package, on every Node that it promises.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sqliteStore, SqliteStoreError } from '@omqtt/store-sqlite';

const folder = mkdtempSync(join(tmpdir(), 'omqtt-smoke-'));
try {
  const path = join(folder, 'state.db');
  const store = sqliteStore(path);
  await store.open('smoke');
  await store.commit([
    {
      type: 'put',
      message: { sequence: 1, stage: 'waiting', topic: 'a', payload: Uint8Array.of(1), qos: 1, retain: false },
    },
    { type: 'sent', sequence: 1, packetId: 9 },
  ]);
  const refusal = await sqliteStore(path)
    .open('other')
    .catch(/** @param {unknown} error */ (error) => error);
  if (!(refusal instanceof SqliteStoreError) || refusal.code !== 'store-locked') throw refusal;
  await store.close();

  const session = await sqliteStore(path).open('smoke');
  const [message] = await session.read(0, 10);
  if (message?.packetId !== 9 || session.nextSequence < 2) throw new Error('the message was not kept');
} finally {
  rmSync(folder, { recursive: true });
}
