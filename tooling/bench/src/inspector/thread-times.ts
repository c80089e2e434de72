/** Processor time of the threads of this process, as Linux counts it; nothing elsewhere. */
import { readdirSync, readFileSync } from 'node:fs';

/** In microseconds. */
export interface ThreadTimes {
  /** The one that the process began with. */
  readonly forwarding: number;
  readonly decoding: number;
  /** Collectors and compilers. */
  readonly others: number;
}

/** As `src/thread/inspection-thread.ts` of the inspector names it. */
const DECODING = 'omqtt-inspector';

export function threadTimes(): ThreadTimes | undefined {
  const times = { forwarding: 0, decoding: 0, others: 0 };
  try {
    for (const thread of readdirSync('/proc/self/task')) {
      const name = readFileSync(`/proc/self/task/${thread}/comm`, 'utf8').trim();
      const nanoseconds = Number(readFileSync(`/proc/self/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
      const kind = Number(thread) === process.pid ? 'forwarding' : name === DECODING ? 'decoding' : 'others';
      times[kind] += nanoseconds / 1000;
    }
  } catch {
    return undefined;
  }
  return times;
}
