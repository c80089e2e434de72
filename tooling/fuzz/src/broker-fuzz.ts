/** `pnpm fuzz:broker`: hostile clients for a live broker, 100 000 unless told otherwise. */
import { randomInt } from 'node:crypto';
import { runBrokerCampaign } from './broker-campaign.ts';
import { readOptions } from './command-line.ts';

const usage = `pnpm fuzz:broker [options]
  --connections n  how many hostile connections (100000)
  --seed n         where the random numbers begin (any)
  --help`;

const numberOf = readOptions(usage, ['connections', 'seed']);
const seed = numberOf('seed') ?? randomInt(2 ** 32);
const connections = numberOf('connections') ?? 100_000;

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
