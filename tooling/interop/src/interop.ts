/** `npm run interop`: every probe on every broker that is installed; writes `docs/interop.md`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installedBrokers } from './installed-brokers.ts';
import { isBroken, keepLedger, type Ledger } from './ledger.ts';
import { reportPage, type Column } from './report-page.ts';
import { tryBroker } from './try-broker.ts';

const brokers = installedBrokers();
const [argument] = process.argv.slice(2);
if (argument !== undefined) {
  const names = brokers.map(({ name, isMissing }) => `  ${name}${isMissing ? ' (not installed: left out)' : ''}`);
  console.log(`npm run interop, without options, tries every probe on every broker that is installed, for some minutes,
and writes docs/interop.md:\n${names.join('\n')}`);
  process.exit(argument === '--help' ? 0 : 2);
}

const columns: Column[] = [];
const ledgers: Ledger[] = [];
for (const { name, isMissing, start } of brokers) {
  if (isMissing) {
    console.warn(`*** ${name} is not installed, and is MISSING in docs/interop.md ***`);
    continue;
  }
  const broker = await start();
  try {
    const outcomes = await tryBroker(broker);
    columns.push({ name: broker.name, outcomes });
    for (const { probe, version, kind, reason } of outcomes) {
      console.log(`${broker.name} ${version} ${probe}: ${kind} ${reason}`);
    }
  } finally {
    await broker.close();
  }
}
const cluster = brokers.find(({ name, isMissing }) => name === 'NATS, a cluster' && !isMissing);
for (const session of ['kept', 'clean'] as const) {
  const broker = await cluster?.start();
  if (broker === undefined) break;
  try {
    ledgers.push(await keepLedger(broker, { messages: 3000, session }));
  } finally {
    await broker.close();
  }
}
console.log(ledgers);
writeFileSync(join(import.meta.dirname, '../../../docs/interop.md'), reportPage(columns, ledgers));
const failed = columns.flatMap(({ outcomes }) => outcomes).filter(({ kind }) => kind === 'fails');
process.exitCode = failed.length === 0 && !ledgers.some(isBroken) ? 0 : 1;
