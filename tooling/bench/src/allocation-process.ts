/** The process that `allocateInOwnProcess` starts: measures one benchmark and prints the result as JSON. */
import { measureAllocation, type Allocation } from './allocation.ts';
import { benchmarks } from './registry.ts';

const [name = '', only = ''] = process.argv.slice(2);
const allocations: Allocation[] = [];
for (const contest of benchmarks[name]?.contests ?? []) {
  if (contest.name.includes(only)) allocations.push(await measureAllocation(contest.prepare()));
}
console.log(JSON.stringify(allocations));
