/** Time, as far as the client needs it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls back once, when `now()` has reached `at` or soon after. Returns what takes it back. */
  wakeAt(at: number, callback: () => void): () => void;
}
