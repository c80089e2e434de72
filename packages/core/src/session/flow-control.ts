/** The windows of unacknowledged QoS 1 and 2 messages, one for each direction (§4.9). */

/**
 * How many slots of a connection are in use. A message holds one from its PUBLISH until PUBACK, PUBCOMP or a failing
 * PUBREC; a PUBREL that is sent again on a new connection holds one as well, since its message is not finished.
 */
export class SlotWindow {
  readonly #limit: number;
  #used = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get limit(): number {
    return this.#limit;
  }

  get used(): number {
    return this.#used;
  }

  get isOpen(): boolean {
    return this.#used < this.#limit;
  }

  take(): void {
    this.#used += 1;
  }

  // A second answer for the same message must not widen the window.
  release(): void {
    this.#used = Math.max(0, this.#used - 1);
  }
}
