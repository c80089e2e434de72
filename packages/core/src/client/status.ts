/** What the connection is doing, for people and dashboards. */
import type { MqttError } from '@omqtt/codec';
import type { DialPhase, Logger } from '@omqtt/contracts';
import { EMPTY_LIST } from '../session/on-demand-list.ts';
import { BoundedEvents } from './bounded-events.ts';
import type { ConnectionSnapshot } from './connection-snapshot.ts';
import { logStatus } from './logging.ts';

/**
 * How far an attempt came: the steps of the transport, `options` for what was computed before, `handshake` from CONNECT
 * to CONNACK, `connected` for a connection that stood.
 */
export type AttemptPhase = DialPhase | 'handshake' | 'connected';

export type Status =
  | { readonly type: 'idle' }
  /** `attempt` counts from 1 in each outage; the URL is without credentials. */
  | { readonly type: 'connecting'; readonly attempt: number; readonly url: string }
  | { readonly type: 'connected'; readonly connection: ConnectionSnapshot }
  /** The connection or the attempt failed, and the next attempt comes after the delay. */
  | {
      readonly type: 'waiting';
      /** How many attempts this outage has seen; 0 when a connection that stood was lost just now. */
      readonly attempt: number;
      readonly phase: AttemptPhase;
      readonly error: MqttError;
      readonly delayMs: number;
    }
  /** Nothing is tried any more; without an error because the user wanted it so. */
  | { readonly type: 'disconnected'; readonly error: MqttError | undefined; readonly phase?: AttemptPhase }
  | { readonly type: 'closed' };

/** More than anyone looks back on; whoever reads too slowly misses the oldest. */
const REMEMBERED = 100;

export class StatusBoard {
  #current: Status = { type: 'idle' };
  #readers: readonly BoundedEvents<Status>[] = EMPTY_LIST;
  #listeners: readonly ((status: Status) => void)[] = EMPTY_LIST;
  readonly #logger: Logger;

  /** The logger is told of every status, and of listeners that fail: they must not touch the connection. */
  constructor(logger: Logger) {
    this.#logger = logger;
  }

  get current(): Status {
    return this.#current;
  }

  set(status: Status): void {
    // Closed is the end, whatever comes in late.
    if (this.#current.type === 'closed') return;
    this.#current = status;
    logStatus(this.#logger, status);
    for (const reader of this.#readers) reader.push(status);
    for (const listener of this.#listeners) this.#tell(listener, status);
    if (status.type !== 'closed') return;
    for (const reader of this.#readers) reader.end();
    this.#readers = EMPTY_LIST;
    this.#listeners = EMPTY_LIST;
  }

  /** Begins with the present status. */
  read(): AsyncIterableIterator<Status> {
    const reader = new BoundedEvents<Status>(REMEMBERED, (ended) => {
      this.#readers = this.#readers.filter((other) => other !== ended);
    });
    reader.push(this.#current);
    if (this.#current.type === 'closed') reader.end();
    else this.#readers = [...this.#readers, reader];
    return reader;
  }

  /** Returns what takes the listener away. */
  listen(listener: (status: Status) => void): () => void {
    this.#listeners = [...this.#listeners, listener];
    return () => {
      this.#listeners = this.#listeners.filter((other) => other !== listener);
    };
  }

  #tell(listener: (status: Status) => void, status: Status): void {
    try {
      listener(status);
    } catch (error) {
      this.#logger.error('a status listener failed', { error });
    }
  }
}
