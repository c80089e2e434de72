/** What the connection is doing, for people and dashboards. */
import type { MqttError } from '@omqtt/codec';
import { BoundedEvents } from './bounded-events.ts';
import type { ConnectionSnapshot } from './connection-snapshot.ts';

export type Status =
  | { readonly type: 'idle' }
  | { readonly type: 'connecting'; readonly attempt: number; readonly url: string }
  | { readonly type: 'connected'; readonly connection: ConnectionSnapshot }
  /** The connection or the attempt failed, and the next attempt comes after the delay. */
  | { readonly type: 'waiting'; readonly attempt: number; readonly error: MqttError; readonly delayMs: number }
  /** Nothing is tried any more; without an error because the user wanted it so. */
  | { readonly type: 'disconnected'; readonly error: MqttError | undefined }
  | { readonly type: 'closed' };

/** More than anyone looks back on; whoever reads too slowly misses the oldest. */
const REMEMBERED = 100;

export class StatusBoard {
  #current: Status = { type: 'idle' };
  readonly #readers = new Set<BoundedEvents<Status>>();
  readonly #listeners = new Set<(status: Status) => void>();

  get current(): Status {
    return this.#current;
  }

  set(status: Status): void {
    this.#current = status;
    for (const reader of this.#readers) reader.push(status);
    for (const listener of this.#listeners) listener(status);
    if (status.type !== 'closed') return;
    for (const reader of this.#readers) reader.end();
    this.#readers.clear();
  }

  /** Begins with the present status. */
  read(): AsyncIterableIterator<Status> {
    const reader = new BoundedEvents<Status>(REMEMBERED, (ended) => this.#readers.delete(ended));
    reader.push(this.#current);
    if (this.#current.type === 'closed') reader.end();
    else this.#readers.add(reader);
    return reader;
  }

  /** Returns what takes the listener away. */
  listen(listener: (status: Status) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
