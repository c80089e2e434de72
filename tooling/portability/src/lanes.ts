/** Several things at a time: most of what is tried here is one process that computes, so one core would rest. */
import { availableParallelism } from 'node:os';

/** Works on all of `items`, on as many at a time as there are cores, and starts them in their order. */
export async function inLanes<T>(items: Iterable<T>, work: (item: T) => Promise<unknown>): Promise<void> {
  const waiting = [...items].values();
  const lane = async (): Promise<void> => {
    // All lanes take from the same list.
    for (const item of waiting) await work(item);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
}
