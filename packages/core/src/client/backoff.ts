/** How long to wait before the next attempt: exponential, with jitter, so that a fleet does not come back at once. */
export interface BackoffOptions {
  readonly initialMs: number;
  readonly maxMs: number;
  readonly factor: number;
  readonly jitter: 'full' | 'none';
}

/** `attempt` counts from 1; `random` is 0 to below 1. */
export function backoffMs(
  { initialMs, maxMs, factor, jitter }: BackoffOptions,
  attempt: number,
  random: number,
): number {
  const delayMs = Math.min(maxMs, initialMs * factor ** (attempt - 1));
  return jitter === 'full' ? delayMs * random : delayMs;
}
