/** The process that `timeInOwnProcess` starts: times one contest and prints the result as JSON. */
import { timeContest, warmUp } from './cpu-time.ts';
import { benchmarks } from './registry.ts';

const WARM_UP_MILLISECONDS = 10;
/** As long as many turns of the collector. */
const SAMPLE_MILLISECONDS = 80;

const [name = '', contestName = '', rounds = ''] = process.argv.slice(2);
const contests = benchmarks[name]?.contests ?? [];
// A program has all kinds of packets, so that is what everyone's code is compiled for.
for (const { prepare } of contests) await warmUp(prepare(), WARM_UP_MILLISECONDS);
const contest = contests.find((each) => each.name === contestName);
if (contest === undefined) throw new Error(`there is no contest named ${contestName}`);
const options = { rounds: Number(rounds), sampleMilliseconds: SAMPLE_MILLISECONDS };
console.log(JSON.stringify(await timeContest(contest.prepare(), options)));
