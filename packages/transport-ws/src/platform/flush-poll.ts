/** The parts of a connection that a poll looks at. */
export interface Flushing {
  readonly isStalled: boolean;
  flushed(): void;
}

const FIRST_MS = 4;
const LONGEST_MS = 128;

/**
 * The platform has no event for bytes that left, so a timer looks: only while writes have to wait, after 4 ms, then
 * after twice as long each time, up to 128 ms. (In a background tab, browsers stretch that to a second or more.)
 */
export class FlushPoll {
  readonly #connection: Flushing;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(connection: Flushing) {
    this.#connection = connection;
  }

  start(): void {
    this.stop();
    this.#lookAfter(FIRST_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #lookAfter(delayMs: number): void {
    this.#timer = setTimeout(() => {
      // Asked before: the call itself may fill the socket again, and then starts a poll of its own.
      if (!this.#connection.isStalled) return;
      this.#timer = undefined;
      this.#connection.flushed();
      if (this.#timer === undefined && this.#connection.isStalled) this.#lookAfter(Math.min(delayMs * 2, LONGEST_MS));
    }, delayMs);
  }
}
