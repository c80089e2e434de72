/**
 * One owner for a database over all tabs and workers of the origin, by Web Locks. The browser takes the lock back when
 * its tab goes, however it goes, so there is never a stale one.
 */
import { IndexedDbStoreError, refusalFrom } from './indexed-db-store-error.ts';

export interface ExclusiveLock {
  /** Resolves when others can have it. */
  release(): Promise<void>;
}

export interface LockRequest {
  readonly database: string;
  /** What others are told while this side has the lock. */
  readonly holder: string;
  readonly waitMs: number;
  /** The waiting ends. */
  readonly signal: AbortSignal;
  /** Somebody stole it with `steal`. */
  readonly lost: () => void;
}

/** Rejects with `store-locked`, naming the holder, when it is not free in time. */
export async function acquireLock(request: LockRequest): Promise<ExclusiveLock> {
  const manager = lockManager();
  const name = `${PREFIX}${request.database}`;
  const held = await acquire(manager, name, request);
  if (held === undefined) {
    if (request.signal.aborted) throw new IndexedDbStoreError('store-closed', 'it was closed while it opened');
    const holder = await holderOf(manager, request.database);
    const who = holder ?? 'another tab or worker of this site';
    throw new IndexedDbStoreError(
      'store-locked',
      `${who} has the database ${request.database}; close that one, or give each its own database`,
      { holder },
    );
  }
  // A second lock, which nobody waits for: its name is what tells the others who this is.
  const sign: Omit<LockRequest, 'waitMs'> = { ...request, lost: () => undefined };
  const card = await acquire(manager, `${name}${HOLDER}${request.holder}`, { ...sign, waitMs: 0 });
  return {
    release: async () => {
      await card?.release();
      await held.release();
    },
  };
}

const PREFIX = 'omqtt-store:';
// No name of a database can be mistaken for one with a holder behind it.
const HOLDER = '\u0000holder:';

function lockManager(): LockManager {
  const { locks } = (globalThis as { navigator?: Partial<Pick<Navigator, 'locks'>> }).navigator ?? {};
  if (locks !== undefined) return locks;
  throw new IndexedDbStoreError(
    'store-failed',
    'there are no Web Locks, and without them two tabs could use one session; serve the page by HTTPS or from localhost',
    { reason: 'missing' },
  );
}

/** `undefined` when it was not free in time, or the signal came. */
function acquire(manager: LockManager, name: string, request: LockRequest): Promise<ExclusiveLock | undefined> {
  const { waitMs, signal, lost } = request;
  const waiting = new AbortController();
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      waiting.abort();
      // Not left to the platform: Chromium forgets an abort that comes in the turn of the request.
      resolve(undefined);
    };
    let isHeld = false;
    let isReleased = false;
    const stop = whenLate(waitMs, giveUp);
    signal.addEventListener('abort', giveUp);
    if (signal.aborted) giveUp();
    const settled = (): void => {
      stop();
      signal.removeEventListener('abort', giveUp);
    };
    const hold = (lock: Lock | null): Promise<void> | undefined => {
      settled();
      if (lock === null || waiting.signal.aborted) {
        resolve(undefined);
        return undefined;
      }
      isHeld = true;
      return new Promise<void>((letGo) => {
        const release = async (): Promise<void> => {
          isReleased = true;
          letGo();
          await ended.catch(() => undefined);
        };
        resolve({ release });
      });
    };
    // The platform does not take both at once.
    const how: LockOptions = waitMs === 0 ? { ifAvailable: true } : { signal: waiting.signal };
    const ended = manager.request(name, how, hold);
    ended.catch((error: unknown) => {
      settled();
      if (isHeld && !isReleased) lost();
      else reject(refusalFrom(error, 'when it asked for its lock'));
    });
  });
}

/** Calls after the time, unless it is told to stop. Longer than the longest timer is for ever. */
function whenLate(waitMs: number, late: () => void): () => void {
  if (waitMs === 0 || waitMs > LONGEST_TIMER_MS) return () => undefined;
  const timer = setTimeout(late, waitMs);
  return () => clearTimeout(timer);
}

const LONGEST_TIMER_MS = 2_147_483_647;

async function holderOf(manager: LockManager, database: string): Promise<string | undefined> {
  const prefix = `${PREFIX}${database}${HOLDER}`;
  const { held = [] } = await manager.query();
  return held.find(({ name }) => name?.startsWith(prefix))?.name?.slice(prefix.length);
}
