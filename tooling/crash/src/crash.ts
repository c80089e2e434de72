/** `pnpm crash`: a thousand kills, or as many as the options say. Ends with 1 when a message was lost or came twice. */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { requirePeer } from '@omqtt/peers';
import { runRig } from './rig.ts';
import { describeVerdict, isClean } from './verdict.ts';

const usage = `pnpm crash [options]
  --kills n         how many times publisher or subscriber are killed (1000)
  --restarts n      how many times the broker is killed in between (one for 25 kills)
  --seed n          where the random numbers begin (any)
  --help`;

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '1000' },
    restarts: { type: 'string' },
    seed: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(usage);
else await main();

async function main(): Promise<void> {
  const kills = Number(values.kills);
  const restarts = Number(values.restarts ?? Math.ceil(kills / 25));
  const seed = Number(values.seed ?? randomInt(2 ** 31));
  console.log(`seed ${seed}, ${kills} kills, ${restarts} restarts of the broker`);
  const started = performance.now();
  const onKill = (done: number): void => {
    if (done % Math.max(1, Math.ceil(kills / 10)) !== 0) return;
    console.log(`${done} kills, ${((performance.now() - started) / 1000).toFixed(0)} s`);
  };
  const verdict = await runRig({ kills, restarts, seed, mosquitto: requirePeer('mosquitto').path, onKill });
  console.log(`\n${describeVerdict(verdict)}`);
  if (!isClean(verdict)) process.exitCode = 1;
}
