/**
 * Carries out what the session wants. A read chunk, or a turn of user calls, is one batch: commit once, write once,
 * then deliver and settle. While a commit runs, later effects gather in the session and become one batch again.
 */
import { MalformedPacketError, type MqttError, PacketEncoder, PacketStream, type ProtocolVersion } from '@omqtt/codec';
import type { Clock, Connection, SessionStore, TransportError } from '@omqtt/contracts';
import {
  type EffectBatch,
  type Notification,
  ConnectionLostError,
  type Session,
  type Settlement,
} from '../session/index.ts';
import { StoreFailedError } from './errors.ts';
import type { PacketHook } from './hooks.ts';
import { maskSecrets } from './hooks.ts';

/** What the driver tells the client. */
export interface DriverEvents {
  readonly deliver: (notification: Notification) => void;
  readonly settle: (settlement: Settlement) => void;
  /** The network connection is gone; the session has been told. */
  readonly ended: (error: MqttError | undefined) => void;
  /** A batch is done: there may be room again. */
  readonly idle: () => void;
}

export interface DriverParts {
  readonly session: Session;
  readonly clock: Clock;
  readonly store: SessionStore | undefined;
  readonly onPacket: PacketHook | undefined;
  readonly maximumPacketBytes: number;
  readonly events: DriverEvents;
}

/** One connection, with what belongs to its bytes. */
interface Line {
  readonly connection: Connection;
  readonly stream: PacketStream;
  readonly encoder: PacketEncoder;
  readonly number: number;
  isStalled: boolean;
  /** Why this side ended it; `null` while it lives. */
  endedWith: MqttError | undefined | null;
}

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: MqttError) => void;
}

export class Driver {
  readonly #parts: DriverParts;
  #line: Line | undefined;
  #lines = 0;
  #isCommitting = false;
  #isScheduled = false;
  #isFlushing = false;
  /** Who waits until all that is wanted now has been done. */
  #waiters: Waiter[] = [];
  #wakeAt = Infinity;
  #cancelWake: (() => void) | undefined;

  constructor(parts: DriverParts) {
    this.#parts = parts;
  }

  get now(): number {
    return this.#parts.clock.now();
  }

  /** The socket takes no more at the moment. */
  get isStalled(): boolean {
    return this.#line?.isStalled ?? false;
  }

  get connection(): Connection | undefined {
    return this.#line?.connection;
  }

  /** Takes a connection over. The caller begins the session on it next. */
  attach(connection: Connection, version: ProtocolVersion): void {
    this.#lines += 1;
    const line: Line = {
      connection,
      stream: new PacketStream({ version, role: 'client', maximumPacketBytes: this.#parts.maximumPacketBytes }),
      encoder: new PacketEncoder({ version, role: 'client' }),
      number: this.#lines,
      isStalled: false,
      endedWith: null,
    };
    this.#line = line;
    connection.start({
      bytes: (chunk) => this.#receive(line, chunk),
      drained: () => this.#drained(line),
      closed: (error) => this.#closed(line, error),
    });
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
    try {
      while (this.#parts.session.hasEffects && !this.#isCommitting) this.#carryOut(this.#parts.session.takeEffects());
      if (!this.#isCommitting) this.#release(this.#waiters);
    } finally {
      this.#isFlushing = false;
    }
    this.#armTimer();
    this.#parts.events.idle();
  }

  /** Resolves when what was asked of the session before is durable and written; rejects when the store failed. */
  done(): Promise<void> {
    this.schedule();
    return new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }));
  }

  /** Ends the connection at once, without a word. */
  drop(error: MqttError): void {
    const line = this.#line;
    if (line === undefined) return;
    line.endedWith = error;
    line.connection.destroy();
    this.#closed(line, undefined);
  }

  /** Nothing happens any more. */
  stop(): void {
    this.#cancelWake?.();
    this.#cancelWake = undefined;
    this.#wakeAt = Infinity;
  }

  #receive(line: Line, chunk: Uint8Array): void {
    if (line !== this.#line || line.endedWith !== null) return;
    const { session } = this.#parts;
    const { now } = this;
    try {
      for (const packet of line.stream.push(chunk)) {
        this.#look('in', line, packet);
        session.receive(packet, now);
      }
    } catch (error) {
      if (!(error instanceof MalformedPacketError)) throw error;
      for (const packet of error.packets) session.receive(packet, now);
      session.fail(error, now);
    }
    this.flush();
  }

  #drained(line: Line): void {
    line.isStalled = false;
    if (line === this.#line) this.#parts.events.idle();
  }

  #closed(line: Line, error: TransportError | undefined): void {
    if (line !== this.#line) return;
    this.#line = undefined;
    const reason = line.endedWith === null ? new ConnectionLostError(error) : line.endedWith;
    this.#parts.session.connectionLost(reason, this.now);
    this.flush();
    this.#parts.events.ended(reason);
  }

  #carryOut(batch: EffectBatch): void {
    const { store } = this.#parts;
    const line = this.#line;
    if (batch.persist.length === 0 || store === undefined) {
      this.#apply(batch, line);
      return;
    }
    let committed: Promise<void> | void;
    try {
      committed = store.commit(batch.persist);
    } catch (error) {
      this.#storeFailed(batch, error, this.#waiters.splice(0));
      return;
    }
    if (committed === undefined) {
      this.#apply(batch, line);
      return;
    }
    this.#isCommitting = true;
    const waiters = this.#waiters;
    this.#waiters = [];
    void committed.then(
      () => this.#resume(() => this.#committed(batch, line, waiters)),
      (error: unknown) => this.#resume(() => this.#storeFailed(batch, error, waiters)),
    );
  }

  #committed(batch: EffectBatch, line: Line | undefined, waiters: readonly Waiter[]): void {
    this.#apply(batch, line);
    this.#release(waiters);
  }

  #release(waiters: readonly Waiter[]): void {
    if (waiters === this.#waiters) this.#waiters = [];
    for (const { resolve } of waiters) resolve();
  }

  #resume(next: () => void): void {
    this.#isCommitting = false;
    next();
    this.flush();
  }

  // `line` is the connection that the batch was made for; after a commit it may be another.
  #apply(batch: EffectBatch, line: Line | undefined): void {
    const isCurrent = line !== undefined && line === this.#line;
    if (isCurrent && batch.send.length > 0) this.#send(line, batch);
    const { deliver, settle } = this.#parts.events;
    for (const notification of batch.deliver) deliver(notification);
    for (const settlement of batch.settle) settle(settlement);
    if (batch.close !== undefined && isCurrent) this.#end(line, batch.close.error);
  }

  #send(line: Line, { send }: EffectBatch): void {
    for (const packet of send) {
      this.#look('out', line, packet);
      line.encoder.append(packet);
    }
    if (!line.connection.write(line.encoder.take())) line.isStalled = true;
  }

  #end(line: Line, error: MqttError | undefined): void {
    if (line.endedWith !== null) return;
    line.endedWith = error;
    // Flushes what was sent; a peer that does not let go is left by the transport.
    void line.connection.close().then(() => this.#closed(line, undefined));
  }

  // Nothing of the batch may happen, since it is not durable: who waits is told, and the connection begins anew.
  #storeFailed(batch: EffectBatch, cause: unknown, waiters: readonly Waiter[]): void {
    const error = new StoreFailedError(cause);
    for (const { operation } of batch.settle) this.#parts.events.settle({ operation, error });
    for (const { reject } of waiters) reject(error);
    this.drop(error);
  }

  #look(direction: 'in' | 'out', line: Line, packet: Parameters<typeof maskSecrets>[0]): void {
    const { onPacket } = this.#parts;
    if (onPacket === undefined) return;
    onPacket({ direction, packet: maskSecrets(packet), at: this.now, connection: line.number });
  }

  // One timer for all deadlines of the session. A deadline that moved away is found out when the timer fires.
  #armTimer(): void {
    const at = this.#parts.session.nextDeadline();
    if (at >= this.#wakeAt) return;
    this.#cancelWake?.();
    this.#wakeAt = at;
    this.#cancelWake = this.#parts.clock.wakeAt(at, () => {
      this.#wakeAt = Infinity;
      this.#cancelWake = undefined;
      this.#parts.session.handleTime(this.now);
      this.flush();
    });
  }
}
