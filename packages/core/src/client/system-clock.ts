/** The clock of the platform. */
import type { Clock } from '@omqtt/contracts';

/** Longer waits would overflow the timer of the platform, and fire at once. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

export const systemClock: Clock = clockOf(() => undefined);

/** Its timers do not keep the process alive, where a platform asks. */
export const unrefClock: Clock = clockOf((timer) => (timer as { unref?: () => void }).unref?.());

function clockOf(onTimer: (timer: unknown) => void): Clock {
  return {
    now: () => Date.now(),
    wakeAt(at, callback) {
      let timer: ReturnType<typeof setTimeout>;
      // Timers may fire a little early, and a long wait is made of several.
      const wait = (): void => {
        const leftMs = at - Date.now();
        if (leftMs <= 0) callback();
        else start(leftMs);
      };
      const start = (leftMs: number): void => {
        timer = setTimeout(wait, Math.min(Math.max(0, Math.ceil(leftMs)), LONGEST_WAIT_MS));
        onTimer(timer);
      };
      start(at - Date.now());
      return () => clearTimeout(timer);
    },
  };
}
