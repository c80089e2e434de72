/** `pnpm fuzz:broker [--seed n] [--connections n]`: hostile clients for a live broker, 100 000 unless told otherwise. */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { runBrokerCampaign } from './broker-campaign.ts';

const { values } = parseArgs({ options: { seed: { type: 'string' }, connections: { type: 'string' } } });
const seed = Number(values.seed ?? randomInt(2 ** 32));
const connections = Number(values.connections ?? 100_000);
if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(connections)) {
  console.error('--seed and --connections take whole numbers.');
  process.exit(2);
}

console.log(`seed ${seed}, ${connections} connections`);
const started = performance.now();
const report = await runBrokerCampaign({
  seed,
  connections,
  onProgress: (done) => {
    if (done % 10_000 === 0) console.log(`${done}, ${((performance.now() - started) / 1000).toFixed(0)} s`);
  },
});
console.log(`accepted ${report.accepted}, refused ${report.refused}, ended for an error ${report.protocolErrors}`);
console.log(`${report.roundTrips} sound messages went round, memory grew by ${report.memoryGrowthBytes} bytes`);
