/** The clock of the platform. */
import type { Clock } from '@omqtt/contracts';

/** Longer waits would overflow the timer of the platform, and fire at once. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  wakeAt(at, callback) {
    const waitMs = Math.min(Math.max(0, at - Date.now()), LONGEST_WAIT_MS);
    const timer = setTimeout(callback, waitMs);
    return () => clearTimeout(timer);
  },
};
