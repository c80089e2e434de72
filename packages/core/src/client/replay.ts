/** Messages that came before anyone has declared the subscription they belong to, or after it was detached. */
import { topicMatches } from '@omqtt/codec';
import type { Logger } from '@omqtt/contracts';
import type { Delivery } from '../session/index.ts';
import type { ResolvedOptions } from './resolve-options.ts';

/** After a resumption the server may send at once; the application needs a moment to subscribe. */
const HOLD_MS = 30_000;

export interface ReplayParts {
  readonly options: ResolvedOptions;
  readonly logger: Logger;
  /** The time is over, and nobody has declared what these belong to. */
  undeclared(deliveries: readonly Delivery[]): void;
}

/** Holds them, unacknowledged, and for a time: acknowledgements leave in order, so they hold up all later ones. */
export class Replay {
  readonly #parts: ReplayParts;
  /** Filters that this side left at the server, whose messages are for later. */
  #detached: readonly string[] = [];
  #held: Delivery[] = [];
  #until = 0;
  #stopTimer: (() => void) | undefined;

  constructor(parts: ReplayParts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#held.length;
  }

  /** A connection has begun; what came on the last one comes again. */
  begin(isResumed: boolean): void {
    this.end();
    this.#until = isResumed ? this.#parts.options.clock.now() + HOLD_MS : 0;
    // A new session has none of them.
    if (!isResumed) this.#detached = [];
  }

  /** Nothing is held any more. */
  end(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    this.#held = [];
  }

  detach(filters: readonly string[]): void {
    this.#detached = [...this.#detached, ...filters];
  }

  /** Someone wants the filters again: offers all again; those that still nobody wants stay. */
  declare(filters: readonly string[], offer: (delivery: Delivery) => boolean): void {
    this.#detached = this.#detached.filter((filter) => !filters.includes(filter));
    if (this.#held.length > 0) this.#held = this.#held.filter((delivery) => !offer(delivery));
  }

  /** Whether a message that nobody wants now is for later. */
  wants({ message: { topic, qos } }: Delivery): boolean {
    if (qos === 0) return false;
    return this.#parts.options.clock.now() < this.#until || this.#isDetached(topic);
  }

  /** False when too many are held: then the connection has to end, so that none is lost. */
  hold(delivery: Delivery): boolean {
    const { clock, session } = this.#parts.options;
    // The server can send no more than this without an acknowledgement.
    if (this.#held.length >= session.receiveMaximum) return false;
    this.#held.push(delivery);
    if (clock.now() < this.#until) this.#stopTimer ??= clock.wakeAt(this.#until, () => this.#giveUp());
    return true;
  }

  #giveUp(): void {
    this.#stopTimer = undefined;
    const kept = this.#held.filter(({ message }) => this.#isDetached(message.topic));
    const undeclared = this.#held.filter((delivery) => !kept.includes(delivery));
    this.#held = kept;
    if (undeclared.length === 0) return;
    const facts = { messages: undeclared.length };
    this.#parts.logger.warn('nobody has subscribed to messages of the resumed session', facts);
    this.#parts.undeclared(undeclared);
  }

  #isDetached(topic: string): boolean {
    return this.#detached.some((filter) => topicMatches(filter, topic));
  }
}
