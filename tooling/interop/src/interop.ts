/** `npm run interop`: every probe on every broker that is installed; writes `docs/interop.md`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installedBrokers } from './installed-brokers.ts';
import { keepLedger, type Ledger } from './ledger.ts';
import { reportPage, type Column } from './report-page.ts';
import { tryBroker } from './try-broker.ts';

const columns: Column[] = [];
let ledger: Ledger | undefined;
for (const { name, isMissing, start } of installedBrokers()) {
  if (isMissing) {
    console.warn(`*** ${name} is not installed, and is MISSING in docs/interop.md ***`);
    continue;
  }
  const broker = await start();
  try {
    const outcomes = await tryBroker(broker);
    columns.push({ name: broker.name, outcomes });
    if (name === 'NATS, a cluster') ledger = await keepLedger(broker, 3000);
    for (const { probe, version, kind, reason } of outcomes) {
      console.log(`${broker.name} ${version} ${probe}: ${kind} ${reason}`);
    }
  } finally {
    await broker.close();
  }
}
if (ledger !== undefined) console.log(ledger);
writeFileSync(join(import.meta.dirname, '../../../docs/interop.md'), reportPage(columns, ledger));
const failed = columns.flatMap(({ outcomes }) => outcomes).filter(({ kind }) => kind === 'fails');
process.exitCode = failed.length === 0 && (ledger?.lost ?? 0) === 0 ? 0 : 1;
