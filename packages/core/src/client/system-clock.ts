/** The clock of the platform. */
import type { Clock } from '@omqtt/contracts';

/** Longer waits would overflow the timer of the platform, and fire at once. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  wakeAt(at, callback) {
    let timer: ReturnType<typeof setTimeout>;
    // Timers may fire a little early, and a long wait is made of several.
    const wait = (): void => {
      const leftMs = at - Date.now();
      if (leftMs <= 0) callback();
      else timer = setTimeout(wait, Math.min(Math.ceil(leftMs), LONGEST_WAIT_MS));
    };
    timer = setTimeout(wait, Math.min(Math.max(0, Math.ceil(at - Date.now())), LONGEST_WAIT_MS));
    return () => clearTimeout(timer);
  },
};
