/** The time of the platform. */
import type { Clock } from '@omqtt/contracts';

/** What a timer of the platform can count; a longer one would end at once. */
const LONGEST_TIMER_MS = 2_147_483_647;

export const platformClock: Clock = {
  now: () => Date.now(),
  wakeAt: (at, callback) => {
    let timer: NodeJS.Timeout | undefined;
    const wait = (): void => {
      const left = Math.max(0, at - Date.now());
      timer = left > LONGEST_TIMER_MS ? setTimeout(wait, LONGEST_TIMER_MS) : setTimeout(callback, left);
      // What keeps the process alive are its listeners.
      timer.unref();
    };
    wait();
    return () => clearTimeout(timer);
  },
};
