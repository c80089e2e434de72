/**
 * Bytes allocated per packet, on the heap and in array buffers, whether they live long or not.
 *
 * It is measured in a process of its own (`allocation-process.ts`) whose new space is larger than what a run needs.
 * Nothing is collected during the run then, and what both have grown by is what was allocated; if something was
 * collected nevertheless, there is no result instead of a wrong one.
 */
import { GCProfiler } from 'node:v8';
import { runChecked, type Contest, type Contestant } from './contest.ts';
import { median } from './statistics.ts';

/** Bytes per packet by contestant, ours first; `null` where the run could not do without a collection. */
export type Allocation = readonly (number | null)[];

const WARM_UP_MILLISECONDS = 60;
const SAMPLES = 3;

export async function measureAllocation({ ours, peers, expected }: Contest): Promise<Allocation> {
  const perPacket: (number | null)[] = [];
  for (const contestant of [ours, ...peers]) {
    const end = performance.now() + WARM_UP_MILLISECONDS;
    // Compiled code allocates less than interpreted code.
    while (performance.now() < end) await runChecked(contestant, expected);
    const samples: number[] = [];
    for (let count = 0; count < SAMPLES; count += 1) {
      const bytes = await allocatedBytes(contestant, expected);
      if (bytes !== undefined) samples.push(bytes / expected.packets);
    }
    perPacket.push(samples.length === 0 ? null : median(samples));
  }
  return perPacket;
}

async function allocatedBytes(contestant: Contestant, expected: Contest['expected']): Promise<number | undefined> {
  globalThis.gc?.();
  const profiler = new GCProfiler();
  profiler.start();
  const before = process.memoryUsage();
  await runChecked(contestant, expected);
  const after = process.memoryUsage();
  if (profiler.stop().statistics.length > 0) return undefined;
  return after.heapUsed - before.heapUsed + after.arrayBuffers - before.arrayBuffers;
}
