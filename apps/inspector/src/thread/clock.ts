/** The time of packets: milliseconds since 1970, with fractions, and never going back. */

/** Looked at so often at most, by the steady clock. */
const LOOK_EVERY_MS = 1000;
/** What clocks may differ by without a jump: they are adjusted a little all the time. */
const MOST_APART_MS = 2000;

export interface Clocks {
  /** Since 1970: it is set, and jumps. */
  readonly wall: () => number;
  /** Never goes back, and stands still while the machine sleeps. */
  readonly steady: () => number;
  /** What the wall showed when the steady one began. */
  readonly origin: number;
}

/** Goes with the steady clock, and follows the other one when that has jumped ahead, as it does after a sleep. */
export function clockOf({ wall, steady, origin }: Clocks): () => number {
  let aheadMs = origin;
  let lookedAt = -Infinity;
  return () => {
    const now = steady();
    if (now - lookedAt >= LOOK_EVERY_MS) {
      lookedAt = now;
      const apartMs = wall() - now - aheadMs;
      if (apartMs > MOST_APART_MS) aheadMs += apartMs;
    }
    return now + aheadMs;
  };
}

export const nowMs: () => number = clockOf({
  wall: () => Date.now(),
  steady: () => performance.now(),
  origin: performance.timeOrigin,
});
