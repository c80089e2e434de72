import type { Clock } from '@omqtt/contracts';

/** The time of the platform. */
export const platformClock: Clock = {
  now: () => Date.now(),
  wakeAt: (at, callback) => {
    const timer = setTimeout(callback, Math.max(0, at - Date.now()));
    return () => clearTimeout(timer);
  },
};
