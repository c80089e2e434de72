/** Connections that carry bytes late, in other pieces than they were written, and that break at any byte. */
import type { Coverage } from './coverage.ts';
import type { Random } from './random.ts';
import type { Timeline } from './timeline.ts';

/** What one end hears. */
export interface LinkSink {
  bytes(chunk: Uint8Array): void;
  /** Once, and last. */
  closed(): void;
}

export interface Circumstances {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly coverage: Coverage;
  delayMs: number;
  slices: boolean;
}

/** One direction of a connection. */
class Lane {
  readonly #circumstances: Circumstances;
  sink: LinkSink | undefined;
  #buffer: Uint8Array = NOTHING;
  #isUnderWay = false;
  /** Nothing may be written any more; the sink is told when all has arrived. */
  #isEnded = false;
  #isClosed = false;
  isSilent = false;
  isPaused = false;
  /** The connection breaks when so many more bytes have arrived. */
  budget = Infinity;
  onBudgetSpent: (() => void) | undefined;

  constructor(circumstances: Circumstances) {
    this.#circumstances = circumstances;
  }

  write(bytes: Uint8Array): void {
    if (this.#isEnded || this.#isClosed) return;
    const joined = new Uint8Array(this.#buffer.length + bytes.length);
    joined.set(this.#buffer);
    joined.set(bytes, this.#buffer.length);
    this.#buffer = joined;
    this.#go();
  }

  /** What was written still arrives. */
  end(): void {
    this.#isEnded = true;
    this.#go();
  }

  /** Some of what was written still arrives, as on a real cut. */
  break(): void {
    if (this.#isClosed) return;
    this.#isEnded = true;
    const some = this.isSilent ? 0 : this.#circumstances.random.below(this.#buffer.length + 1);
    const kept = Math.min(this.budget, some);
    this.isSilent = false;
    this.#buffer = this.#buffer.subarray(0, kept);
    this.budget = Infinity;
    this.#go();
  }

  /** Its reader is gone. */
  abandon(): void {
    this.#isClosed = true;
    this.#isEnded = true;
    this.#buffer = NOTHING;
  }

  resume(): void {
    this.isPaused = false;
    this.#go();
  }

  #go(): void {
    if (this.#isUnderWay) return;
    this.#isUnderWay = true;
    const { timeline, random, delayMs } = this.#circumstances;
    timeline.after(delayMs === 0 ? 0 : random.below(delayMs + 1), () => {
      this.#isUnderWay = false;
      this.#arrive();
    });
  }

  #arrive(): void {
    if (this.#isClosed || this.isSilent || this.isPaused) return;
    const { random, slices } = this.#circumstances;
    const whole = this.#buffer.length;
    const wanted = slices && whole > 1 && random.percent(70) ? random.between(1, Math.min(whole, 24)) : whole;
    const size = Math.min(wanted, this.budget);
    const chunk = this.#buffer.subarray(0, size);
    this.#buffer = this.#buffer.subarray(size);
    this.budget -= size;
    if (size > 0) this.sink?.bytes(chunk);
    if (this.budget <= 0) this.onBudgetSpent?.();
    if (this.#buffer.length > 0) this.#go();
    else if (this.#isEnded && !this.#isClosed) {
      this.#isClosed = true;
      this.sink?.closed();
    }
  }
}

const NOTHING = new Uint8Array(0);

/** A connection between the client and the broker. `up` is the way to the broker. */
export class Link {
  readonly #up: Lane;
  readonly #down: Lane;
  readonly #circumstances: Circumstances;
  isBroken = false;
  /** The session that the broker has opened on it. The client may be shown it when it has got CONNACK. */
  generation = 0;

  constructor(circumstances: Circumstances) {
    this.#circumstances = circumstances;
    this.#up = new Lane(circumstances);
    this.#down = new Lane(circumstances);
  }

  attach(client: LinkSink, broker: LinkSink): void {
    this.#down.sink = client;
    this.#up.sink = broker;
  }

  writeUp(bytes: Uint8Array): void {
    this.#up.write(bytes);
  }

  writeDown(bytes: Uint8Array): void {
    this.#down.write(bytes);
  }

  /** The client is done with it, and hears nothing more. */
  closeByClient(): void {
    this.#down.abandon();
    this.#up.end();
  }

  closeByBroker(): void {
    this.#up.abandon();
    this.#down.end();
  }

  /** The process of the client is gone, in the middle of everything. */
  abort(): void {
    this.#down.abandon();
    this.#up.break();
  }

  break(): void {
    if (this.isBroken) return;
    this.isBroken = true;
    this.#circumstances.coverage.count('network: cut');
    this.#up.break();
    this.#down.break();
  }

  breakAfter(direction: 'up' | 'down', bytes: number): void {
    if (this.isBroken) return;
    const lane = direction === 'up' ? this.#up : this.#down;
    lane.budget = bytes;
    lane.onBudgetSpent = () => this.break();
    if (bytes === 0) this.break();
    else this.#circumstances.timeline.after(300, () => this.break());
  }

  silence(): void {
    if (this.isBroken) return;
    this.#up.isSilent = true;
    this.#down.isSilent = true;
  }

  get isSilent(): boolean {
    return this.#up.isSilent;
  }

  pauseDown(): void {
    this.#down.isPaused = true;
  }

  resumeDown(): void {
    if (this.#down.isPaused) this.#down.resume();
  }
}
