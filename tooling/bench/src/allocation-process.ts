/** The process that `measureInOwnProcess` starts: measures one benchmark and prints the result as JSON. */
import { measureAllocation, type Allocation } from './allocation.ts';
import { benchmarks } from './registry.ts';

const [name = '', only = ''] = process.argv.slice(2);
const contests = benchmarks[name]?.contests() ?? [];
const allocations: Allocation[] = [];
for (const contest of contests) {
  if (contest.name.includes(only)) allocations.push(await measureAllocation(contest));
}
console.log(JSON.stringify(allocations));
