/** The limits of a single wait: a time, and a signal. */
import type { MqttError } from '@omqtt/codec';
import type { Clock } from '@omqtt/contracts';
import { AbortedError, InvalidOptionError, TimeoutError } from './errors.ts';
import { checkNames } from './option-checks.ts';

export interface WaitOptions {
  /** The call rejects when it takes longer. Default: no limit but that of the call itself. */
  readonly timeoutMs?: number | undefined;
  /** Aborting it makes the call reject. */
  readonly signal?: AbortSignal | undefined;
}

const NAMES: ReadonlySet<string> = new Set(['timeoutMs', 'signal']);

/** For the calls that take these options and no others: what does not exist must not look as if it had a limit. */
export function checkWait(wait: WaitOptions): WaitOptions {
  checkNames(wait, NAMES);
  return wait;
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
  { clock, what, timeoutMs = Infinity, signal }: LimitedWait,
  giveUp: (error: MqttError) => void,
): () => void {
  if (!(timeoutMs >= 0)) {
    throw new InvalidOptionError('timeoutMs', `is a number of milliseconds, not ${String(timeoutMs)}`);
  }
  if (timeoutMs === Infinity && signal === undefined) return doNothing;
  const onAbort = (): void => {
    stop();
    giveUp(new AbortedError(what, signal?.reason));
  };
  const onTimeout = (): void => {
    stop();
    giveUp(new TimeoutError(what, timeoutMs));
  };
  const stopTimer = timeoutMs === Infinity ? doNothing : clock.wakeAt(clock.now() + timeoutMs, onTimeout);
  signal?.addEventListener('abort', onAbort, { once: true });
  const stop = (): void => {
    stopTimer();
    signal?.removeEventListener('abort', onAbort);
  };
  if (signal?.aborted === true) onAbort();
  return stop;
}

/** The promise, or the error that the limits put in its place. */
export function within<Value>(promise: Promise<Value>, wait: LimitedWait): Promise<Value> {
  let stop = doNothing;
  const limit = new Promise<never>((_resolve, reject) => {
    stop = limitWait(wait, reject);
  });
  return Promise.race([promise, limit]).finally(() => stop());
}

/** The promise, or the reason of the signal as soon as it is aborted; what the promise does after that is nobody's concern. */
export function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    const stop = (): void => signal.removeEventListener('abort', onAbort);
    promise.then(resolve, reject).then(stop, stop);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}

/** How long to pause, and who is told how to end it early. */
export interface PauseOptions {
  readonly clock: Clock;
  readonly delayMs: number;
  readonly onBegin: (endEarly: () => void) => void;
}

/** Resolves after the time, or early; rejects with the reason of the signal. */
export async function pause({ clock, delayMs, onBegin }: PauseOptions, signal: AbortSignal): Promise<void> {
  let cancel: () => void = doNothing;
  const delay = new Promise<void>((resolve) => {
    cancel = clock.wakeAt(clock.now() + delayMs, resolve);
    onBegin(resolve);
  });
  try {
    await unlessAborted(delay, signal);
  } finally {
    cancel();
  }
}

function doNothing(): void {
  // No limit, nothing to take back.
}
