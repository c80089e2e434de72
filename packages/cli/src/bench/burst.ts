/** What all publishers of a process share while the event loop waits for them: the time, and how much they have sent. */
import { preciseNow } from '../output/received-message.ts';

/**
 * Sends so many before anything else of the process is heard, and before they are written: half of the usual window, so
 * that the broker has something to do meanwhile.
 */
const MOST_MESSAGES = 512;
/** At full speed the clock costs a tenth of a message. So many take some microseconds: that is what a time may be wrong by. */
const ASKED_PER_LOOK = 16;

export class Burst {
  readonly #askedPerLook: number;
  #now = 0;
  #asked = ASKED_PER_LOOK;
  #messages = 0;
  #isOpen = false;

  /** With a pace there is time to look each time, and what is sent now and then takes longer than one after the other. */
  constructor({ isPaced }: { readonly isPaced: boolean }) {
    this.#askedPerLook = isPaced ? 1 : ASKED_PER_LOOK;
  }

  /** Counts a message, and tells when it is. */
  take(): number {
    this.#messages += 1;
    return this.now();
  }

  /** Milliseconds since 1970: never older than a few messages, and never of another turn. */
  now(): number {
    if (this.#asked >= this.#askedPerLook) this.#look();
    this.#asked += 1;
    return this.#now;
  }

  get isFull(): boolean {
    return this.#messages >= MOST_MESSAGES;
  }

  #look(): void {
    this.#now = preciseNow();
    this.#asked = 0;
    if (this.#isOpen) return;
    this.#isOpen = true;
    // Comes when all answers that were there have been worked on, before the event loop looks for others.
    process.nextTick(this.#end);
  }

  readonly #end = (): void => {
    this.#asked = this.#askedPerLook;
    this.#messages = 0;
    this.#isOpen = false;
  };
}
