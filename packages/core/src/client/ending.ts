/** How a client ends its connection, or itself. */
import type { DisconnectProperties, ProtocolVersion } from '@omqtt/codec';
import type { Clock } from '@omqtt/contracts';
import { ConnectionLostError, type Farewell, OnlyInV5Error, type Session } from '../session/index.ts';
import type { Driver } from './driver.ts';
import { InvalidOptionError } from './errors.ts';
import { checkNames, checkPacket } from './option-checks.ts';
import type { Publishing } from './publishing.ts';
import { within } from './wait-limit.ts';

export interface DisconnectOptions {
  /** Default: 0x00; 0x04 lets the server publish the will. */
  readonly reasonCode?: number;
  /** How long the server shall keep the session, instead of what was agreed. */
  readonly sessionExpirySeconds?: number;
  /** Properties of DISCONNECT; 5.0 only. */
  readonly properties?: Omit<DisconnectProperties, 'sessionExpirySeconds' | 'serverReference'>;
}

export interface CloseOptions {
  /** How long to wait for what is still on its way. Default: 0. Saying goodbye may take a second more. */
  readonly drainMs?: number;
}

export interface Drained {
  readonly session: Session;
  readonly publishing: Publishing;
  readonly clock: Clock;
}

/** What DISCONNECT says; throws what it cannot say. In 3.1.1 it says nothing. */
export function farewellOf(options: DisconnectOptions, version: ProtocolVersion): Farewell {
  checkNames(options, FAREWELL_NAMES);
  const { reasonCode = 0, sessionExpirySeconds, properties } = options;
  if (version === '3.1.1' && reasonCode !== 0) throw new OnlyInV5Error('a reason to disconnect');
  if (version === '3.1.1' && (sessionExpirySeconds ?? properties) !== undefined) {
    throw new OnlyInV5Error('a property of DISCONNECT');
  }
  const all = { ...properties, ...(sessionExpirySeconds !== undefined && { sessionExpirySeconds }) };
  const farewell = { reasonCode, ...(Object.keys(all).length > 0 && { properties: all }) };
  checkPacket({ type: 'disconnect', ...farewell });
  return farewell;
}

export function drainMsOf(options: CloseOptions): number {
  checkNames(options, CLOSE_NAMES);
  const { drainMs = 0 } = options;
  if (drainMs >= 0) return drainMs;
  throw new InvalidOptionError('drainMs', `is a number of milliseconds, not ${String(drainMs)}`);
}

const FAREWELL_NAMES: ReadonlySet<string> = new Set(['reasonCode', 'sessionExpirySeconds', 'properties']);
const CLOSE_NAMES: ReadonlySet<string> = new Set(['drainMs']);

/** How long a transport or a store may take for its last work. */
const ENDING_MS = 1000;

/** Resolves when nothing of what was published is on its way any more, when the connection is lost, or after the time. */
export function drain({ session, publishing, clock }: Drained, limitMs: number): Promise<void> {
  const isDone = (): boolean => {
    const { waitingMessages, inFlight } = session.counts;
    return !session.isConnected || waitingMessages + inFlight + publishing.waiting === 0;
  };
  if (isDone() || limitMs <= 0) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = (): void => {
      stopTimer();
      stopListening();
      resolve();
    };
    const stopTimer = clock.wakeAt(clock.now() + limitMs, finish);
    const stopListening = publishing.onIdle(() => {
      if (isDone()) finish();
    });
  });
}

/** Resolves when the connection is gone, which a store or a transport that hangs does not prevent. */
export async function connectionGone(driver: Driver, clock: Clock): Promise<void> {
  driver.flush();
  const stopTimer = clock.wakeAt(clock.now() + ENDING_MS, () => driver.drop(new ConnectionLostError()));
  await driver.gone();
  stopTimer();
}

/** Resolves after the last work of the store, whether it succeeds, fails or hangs. */
export async function inTime(work: Promise<void>, clock: Clock, report: (error: unknown) => void): Promise<void> {
  await within(work, { clock, timeoutMs: ENDING_MS, what: 'closing the store' }).catch(report);
}
