/** What all connections share: sessions, subscriptions, retained messages, limits and the time. */
import type { Clock, Connection } from '@omqtt/contracts';
import type { BrokerLimits } from './broker-limits.ts';
import type { ResolvedOptions } from './broker-options.ts';
import { ClientConnection } from './client-connection.ts';
import { newCounters, type Counters } from './counters.ts';
import { Faults } from './faults.ts';
import type { Output } from './output.ts';
import { RetainedMessages } from './retained-messages.ts';
import { Routes } from './routes.ts';
import type { Session } from './session.ts';

/** Connections beyond the limit of connected clients that may be open while they are told so. */
const MOST_STRANGERS = 100;

export class Engine {
  readonly options: ResolvedOptions;
  readonly clock: Clock;
  readonly counters: Counters = newCounters();
  readonly routes: Routes = new Routes();
  readonly retained: RetainedMessages = new RetainedMessages();
  /** What the broker says about itself; no limit of clients counts for it. */
  readonly ownRetained: RetainedMessages = new RetainedMessages();
  readonly sessions: Map<string, Session> = new Map<string, Session>();
  readonly connections: Set<ClientConnection> = new Set<ClientConnection>();
  readonly faults: Faults;
  limits: BrokerLimits;
  /** Nothing is read and nothing written. */
  isPaused = false;
  /** Nobody is let in. */
  isAway = false;
  /** Connections that have a session. */
  connected = 0;
  #mark = 0;
  #unflushed: Output[] = [];
  #isFlushing = false;

  constructor(options: ResolvedOptions) {
    this.options = options;
    this.clock = options.clock;
    this.limits = options.limits;
    this.faults = new Faults(this.clock);
  }

  /** Takes over a connection that nobody has started. */
  accept(transport: Connection): void {
    if (this.isAway || this.connections.size >= this.limits.connections + MOST_STRANGERS) {
      transport.destroy();
      return;
    }
    const connection = new ClientConnection(this, transport);
    this.connections.add(connection);
    connection.start();
  }

  /** A number for each message that is distributed. */
  nextMark(): number {
    this.#mark += 1;
    return this.#mark;
  }

  /** At the end of the turn, when all that is there has been read: so many small packets become one write. */
  flushSoon(output: Output): void {
    this.#unflushed.push(output);
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    setImmediate(() => this.#flush());
  }

  #flush(): void {
    this.#isFlushing = false;
    const outputs = this.#unflushed;
    this.#unflushed = [];
    for (const output of outputs) output.flush();
  }
}
