/**
 * Carries out what the session wants. A read chunk, or a turn of user calls, is one batch: commit once, write once,
 * then deliver and settle. While a commit runs, later effects gather in the session and become one batch again.
 */
import { MalformedPacketError, MqttError, type Packet, type ProtocolVersion, type PublishPacket } from '@omqtt/codec';
import type { Connection, SessionStore } from '@omqtt/contracts';
import {
  ConnectionLostError,
  type EffectBatch,
  type Notification,
  type Session,
  type Settlement,
} from '../session/index.ts';
import { append, EMPTY_LIST } from '../session/on-demand-list.ts';
import { commit } from './commit.ts';
import { DeadlineTimer } from './deadline-timer.ts';
import { StoreFailedError } from './errors.ts';
import { packetWatch } from './hooks.ts';
import { Line, type LineOwner, type Traffic } from './line.ts';
import type { ResolvedOptions } from './resolve-options.ts';
import { isFull, UnsavedChanges, whatHasHappened, withoutMessages } from './unsaved-changes.ts';
import type { Waiter } from './waiter.ts';

/** What the driver works on, and whom it tells. */
export interface DriverParts {
  readonly session: Session;
  readonly options: ResolvedOptions;
  deliver(notification: Notification): void;
  /** A message that nobody acknowledges. */
  handOn(message: PublishPacket): void;
  settle(settlement: Settlement): void;
  /** The network connection is gone; the session has been told. */
  ended(error: MqttError | undefined): void;
  /** A batch is done: there may be room again. */
  idle(): void;
  /** A fault that nobody else gets to know. */
  report(what: string, error: unknown): void;
}

/** Whom a batch is for while it is committed. */
interface Committing {
  readonly line: Line | undefined;
  readonly waiters: readonly Waiter[];
}

export class Driver implements LineOwner {
  readonly traffic: Traffic = { bytesReceived: 0, bytesSent: 0 };
  readonly #parts: DriverParts;
  readonly #watch: ReturnType<typeof packetWatch> | undefined;
  #line: Line | undefined;
  #lines = 0;
  /** What is wanted waits: a commit runs, or the store is not open yet. */
  #isHeld: boolean;
  #isScheduled = false;
  #lastNow = 0;
  #isFlushing = false;
  readonly #store: SessionStore | undefined;
  #unsaved: UnsavedChanges | undefined;
  /** Who waits until all that is wanted now has been done. */
  #waiters: Waiter[] = EMPTY_LIST;
  #whenGone: (() => void)[] = EMPTY_LIST;
  #dropped = 0;
  readonly #timer: DeadlineTimer;

  constructor(parts: DriverParts) {
    this.#parts = parts;
    const { onPacket, session } = parts.options.given;
    this.#watch = onPacket && packetWatch(onPacket, (what, error) => parts.report(what, error));
    this.#store = session?.store;
    this.#isHeld = this.#store !== undefined;
    this.#timer = new DeadlineTimer(parts.options.clock, () => {
      parts.session.handleTime(this.now);
      this.flush();
    });
  }

  get now(): number {
    this.#lastNow = this.#parts.options.clock.now();
    return this.#lastNow;
  }

  /** The time when the present turn of calls began, or later: asking the clock costs as much as to encode a message. */
  get turn(): number {
    return this.#isScheduled || this.#isFlushing ? this.#lastNow : this.now;
  }

  /** The socket takes no more at the moment. */
  get isStalled(): boolean {
    return this.#line?.isStalled ?? false;
  }

  /** The store is open: what was wanted meanwhile is done. */
  storeOpened(): void {
    this.#isHeld = false;
    this.flush();
  }

  /** Messages that gave way to others. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Takes a connection over; the one before has to be gone. The caller begins the session on it next. */
  attach(connection: Connection, version: ProtocolVersion): void {
    const { clock, maximumPacketBytes } = this.#parts.options;
    this.#lines += 1;
    const { traffic } = this;
    this.#line = new Line({ connection, version, maximumPacketBytes, clock, number: this.#lines, traffic }, this);
    this.#line.start();
  }

  /** Resolves when there is no connection any more: at once, or soon after its end was decided. */
  gone(): Promise<void> {
    if (this.#line === undefined) return Promise.resolve();
    return new Promise((resolve) => {
      this.#whenGone = append(this.#whenGone, resolve);
    });
  }

  /** Ends the connection at once, without a word. */
  drop(error: MqttError): void {
    this.#line?.drop(error);
  }

  /** Like `drop`, unless the connection is saying goodbye. */
  abandon(error: MqttError): void {
    if (this.#line?.isEnding === false) this.#line.drop(error);
  }

  /** Sees to it that what the session wants is done at the end of this turn. */
  schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      this.flush();
    });
  }

  /** Does what the session wants, as far as it can be done now. */
  flush(): void {
    // A handler that is called from here may call again; the loop below sees what it did.
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    const { session } = this.#parts;
    try {
      while (session.hasEffects && !this.#isHeld) this.#carryOut(session.takeEffects());
      if (!this.#isHeld) for (const { resolve } of this.#takeWaiters()) resolve();
    } finally {
      this.#isFlushing = false;
    }
    this.#line?.readOnOrRest(session, this.now);
    this.#timer.arm(session.nextDeadline());
    this.#parts.idle();
  }

  /** Resolves when what was asked of the session before is durable and written; rejects when the store failed. */
  done(): Promise<void> {
    this.schedule();
    return new Promise((resolve, reject) => {
      this.#waiters = append(this.#waiters, { resolve, reject });
    });
  }

  /** Nothing happens any more. */
  stop(): void {
    this.#timer.stop();
    for (const { resolve } of this.#takeWaiters()) resolve();
  }

  lineReceived(line: Line, chunk: Uint8Array): void {
    try {
      this.#take(line, line.read(chunk));
    } catch (error) {
      if (error instanceof MalformedPacketError) {
        this.#take(line, error.packets);
        this.#parts.session.fail(error, this.now);
      } else this.#failed('a packet could not be worked on', error);
    }
    this.flush();
  }

  lineDrained(): void {
    this.#parts.idle();
  }

  lineGone(line: Line, error: MqttError | undefined): void {
    if (line !== this.#line) return;
    this.#line = undefined;
    this.#parts.session.connectionLost(error, this.now);
    this.flush();
    this.#parts.ended(error);
    const whenGone = this.#whenGone;
    this.#whenGone = EMPTY_LIST;
    for (const resolve of whenGone) resolve();
  }

  #takeWaiters(): readonly Waiter[] {
    const waiters = this.#waiters;
    this.#waiters = EMPTY_LIST;
    return waiters;
  }

  #take(line: Line, packets: readonly Packet[]): void {
    const { session } = this.#parts;
    const at = this.now;
    for (const packet of packets) {
      this.#watch?.({ direction: 'in', packet, at, connection: line.number });
      // Whoever got a message may have looked at the clock again, and time must not go back.
      const now = this.#lastNow;
      const isNext = !this.#isHeld && !this.#isFlushing;
      if (isNext && session.passesThrough(packet, now)) this.#parts.handOn(packet);
      else session.receive(packet, now);
    }
  }

  // A bug, ours or one of a hook: the connection begins anew rather than stands in a state that nobody knows.
  #failed(what: string, error: unknown): void {
    this.#parts.report(what, error);
    this.drop(error instanceof MqttError ? error : new ConnectionLostError(error));
  }

  #carryOut(batch: EffectBatch, line = this.#line, others?: readonly Waiter[]): void {
    const store = this.#store;
    const changes = this.#unsaved?.with(batch.persist) ?? batch.persist;
    if (changes.length === 0 || store === undefined) {
      this.#apply(batch, line);
      return;
    }
    const waiters = others ?? this.#takeWaiters();
    const succeed = (): void => {
      this.#unsaved = undefined;
      this.#apply(batch, line);
      for (const { resolve } of waiters) resolve();
    };
    const fail = (error: unknown): void => this.#storeFailed(batch, error, { line, waiters });
    const resume = (next: () => void): void => {
      this.#isHeld = false;
      next();
      this.flush();
    };
    commit(store, changes, { succeed, fail, resume, hold: () => (this.#isHeld = true) });
  }

  // `line` is the connection that the batch was made for; after a commit it may be another.
  #apply(batch: EffectBatch, line: Line | undefined): void {
    const isCurrent = line !== undefined && line === this.#line;
    if (isCurrent && batch.send.length > 0) this.#send(line, batch.send);
    for (const notification of batch.deliver) this.#parts.deliver(notification);
    for (const settlement of batch.settle) this.#settle(settlement);
    if (!isCurrent || batch.close === undefined) return;
    const { error } = batch.close;
    // There is nothing to say to a peer that has fallen silent.
    if (error?.code === 'keep-alive-timeout') line.drop(error);
    else line.end(error);
  }

  #settle(settlement: Settlement): void {
    if (settlement.error?.code === 'message-dropped') this.#dropped += 1;
    this.#parts.settle(settlement);
  }

  #send(line: Line, packets: readonly Packet[]): void {
    const { now } = this;
    try {
      for (const packet of packets) this.#watch?.({ direction: 'out', packet, at: now, connection: line.number });
      line.write(packets);
    } catch (error) {
      this.#failed('a packet could not be sent', error);
    }
  }

  /**
   * Nothing of the batch is sent, since it is not durable: who waits is told, and the connection begins anew. New
   * messages are given up; all other changes have happened, so they go with the next commit, which is at once when there
   * was no room for the messages: what empties the store needs none, and the connection. What has arrived is handed on,
   * since the session would take its repetition for one; and what has ended has ended as it did.
   */
  #storeFailed(batch: EffectBatch, cause: unknown, { line, waiters }: Committing): void {
    const error = new StoreFailedError(cause);
    this.#parts.report('the session store failed', cause);
    const refused = (this.#unsaved ??= new UnsavedChanges()).add(batch.persist);
    this.#parts.session.withdraw(refused, error, this.now);
    for (const { reject } of waiters) reject(error);
    if (isFull(cause) && refused.size > 0) {
      this.#carryOut(withoutMessages(batch, refused), line, []);
      return;
    }
    this.#apply(whatHasHappened(batch), undefined);
    this.drop(error);
  }
}
