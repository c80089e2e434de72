/** The limits of a single wait: a time, and a signal. */
import type { MqttError } from '@omqtt/codec';
import type { Clock } from '@omqtt/contracts';
import { AbortedError, TimeoutError } from './errors.ts';

export interface WaitOptions {
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What is waited for, for the error that ends the wait. */
export interface LimitedWait extends WaitOptions {
  readonly clock: Clock;
  readonly what: string;
}

/**
 * Calls `giveUp` once when the wait has lasted too long or its signal is aborted, at once if it is already. Returns what
 * ends the watch. A wait without limits costs neither a timer nor a listener.
 */
export function limitWait(
  { clock, what, timeoutMs, signal }: LimitedWait,
  giveUp: (error: MqttError) => void,
): () => void {
  if (timeoutMs === undefined && signal === undefined) return doNothing;
  const onAbort = (): void => {
    stop();
    giveUp(new AbortedError(what, signal?.reason));
  };
  const onTimeout = (): void => {
    stop();
    giveUp(new TimeoutError(what, timeoutMs ?? 0));
  };
  const stopTimer = timeoutMs === undefined ? doNothing : clock.wakeAt(clock.now() + timeoutMs, onTimeout);
  signal?.addEventListener('abort', onAbort, { once: true });
  const stop = (): void => {
    stopTimer();
    signal?.removeEventListener('abort', onAbort);
  };
  if (signal?.aborted) onAbort();
  return stop;
}

/** The promise, or the error that the limits put in its place. */
export function within<Value>(promise: Promise<Value>, wait: LimitedWait): Promise<Value> {
  return new Promise((resolve, reject) => {
    const stop = limitWait(wait, reject);
    promise.then(resolve, reject).finally(stop);
  });
}

function doNothing(): void {
  // No limit, nothing to take back.
}
