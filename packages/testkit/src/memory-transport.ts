/** A transport that never leaves memory: what a test dials, the same test accepts, and can disturb in between. */
import type { Clock, Connection, Dial, Target, TransportError, TransportErrorCode } from '@omqtt/contracts';
import type { MemoryConnection } from './memory-connection.ts';
import { TwoPipes, type MemoryLink } from './memory-link.ts';
import type { PipeConditions, Slicing } from './memory-pipe.ts';
import { platformClock } from './platform-clock.ts';
import { seededRandom, type Random } from './seeded-random.ts';
import { transportError } from './transport-failure.ts';

export interface MemoryTransportOptions {
  /** What latency is measured with. Default: the time of the platform. */
  readonly clock?: Clock;
  /** How long bytes travel one way; a dial takes the way there and back. Default: 0, in the same turn. */
  readonly latencyMs?: number;
  /** Default: `as-written`. */
  readonly slicing?: Slicing;
  /** For `slicing: 'random'`. Default: seed 1. */
  readonly random?: Random;
  /** From how many bytes on the way on `write` returns false. Default: 65536. */
  readonly bufferBytes?: number;
}

export interface DialRecord {
  readonly target: Target;
  readonly at: number;
}

export interface MemoryTransport {
  /** The transport to give to a client. */
  readonly dial: Dial;
  /** The other end of the next connection, in the order in which they were made. Start it to let bytes flow. */
  accept(signal?: AbortSignal): Promise<MemoryConnection>;
  /** Connections that nobody has accepted yet. */
  readonly waiting: number;
  /** Each dial, also those that failed. */
  readonly dials: readonly DialRecord[];
  /** Each connection that was made. */
  readonly links: readonly MemoryLink[];
  /** For all connections, also those that are open. */
  latencyMs: number;
  /** For all connections, also those that are open. */
  slicing: Slicing;
  /** The next dials fail; `Infinity` for all from now on, 0 to take that back. Default: one. */
  refuseDials(error?: TransportErrorCode | TransportError, times?: number): void;
  /** The next dials hear nothing until they give up. Default: one. */
  ignoreDials(times?: number): void;
}

/** Connections without a network, whose delays and losses the test decides. */
export function memoryTransport(options: MemoryTransportOptions = {}): MemoryTransport {
  return new MemoryNetwork(options);
}

interface Acceptor {
  readonly take: (connection: MemoryConnection) => void;
}

class MemoryNetwork implements MemoryTransport, PipeConditions {
  readonly clock: Clock;
  readonly random: Random;
  readonly bufferBytes: number;
  latencyMs: number;
  slicing: Slicing;
  readonly #dials: DialRecord[] = [];
  readonly #links: MemoryLink[] = [];
  readonly #waiting: MemoryConnection[] = [];
  readonly #acceptors: Acceptor[] = [];
  #refusals = 0;
  #refusal: TransportError | undefined;
  #ignored = 0;

  constructor({ clock, latencyMs, slicing, random, bufferBytes }: MemoryTransportOptions) {
    this.clock = clock ?? platformClock;
    this.latencyMs = latencyMs ?? 0;
    this.slicing = slicing ?? 'as-written';
    this.random = random ?? seededRandom(1);
    this.bufferBytes = bufferBytes ?? 65_536;
  }

  get dials(): readonly DialRecord[] {
    return this.#dials;
  }

  get links(): readonly MemoryLink[] {
    return this.#links;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  refuseDials(error: TransportErrorCode | TransportError = 'connection-refused', times = 1): void {
    this.#refusal = typeof error === 'string' ? transportError(error) : error;
    this.#refusals = times;
  }

  ignoreDials(times = 1): void {
    this.#ignored = times;
  }

  // A property, because a dial is handed on without its transport.
  readonly dial: Dial = async (target, signal) => {
    if (signal.aborted) throw aborted();
    this.#dials.push({ target, at: this.clock.now() });
    if (this.#ignored > 0) {
      this.#ignored -= 1;
      return untilAborted(signal);
    }
    const refusal = this.#nextRefusal();
    await this.#pass(this.latencyMs * 2, signal);
    if (signal.aborted) throw aborted();
    if (refusal !== undefined) throw refusal;
    return this.#connect(target);
  };

  accept(signal?: AbortSignal): Promise<MemoryConnection> {
    const next = this.#waiting.shift();
    if (next !== undefined) return Promise.resolve(next);
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        this.#acceptors.splice(this.#acceptors.indexOf(acceptor), 1);
        reject(aborted());
      };
      const acceptor: Acceptor = {
        take: (connection) => {
          signal?.removeEventListener('abort', giveUp);
          resolve(connection);
        },
      };
      if (signal?.aborted === true) return reject(aborted());
      signal?.addEventListener('abort', giveUp, { once: true });
      this.#acceptors.push(acceptor);
    });
  }

  #nextRefusal(): TransportError | undefined {
    if (this.#refusals <= 0) return undefined;
    this.#refusals -= 1;
    return this.#refusal;
  }

  #connect(target: Target): Connection {
    const link = new TwoPipes(this.#links.length + 1, target, this);
    this.#links.push(link);
    const acceptor = this.#acceptors.shift();
    if (acceptor === undefined) this.#waiting.push(link.server);
    else acceptor.take(link.server);
    return link.client;
  }

  #pass(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (milliseconds === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        cancel();
        reject(aborted());
      };
      const cancel = this.clock.wakeAt(this.clock.now() + milliseconds, () => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      });
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(aborted()), { once: true });
  });
}

function aborted(): TransportError {
  return transportError('aborted', 'The dial was given up');
}
