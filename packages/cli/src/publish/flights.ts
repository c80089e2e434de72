/** Messages that are on their way: so many at once, and the first that fails ends it all. */
export class Flights {
  readonly #most: number;
  #count = 0;
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;

  constructor(most: number) {
    this.#most = most;
  }

  add(work: Promise<unknown>): void {
    this.#count += 1;
    work.then(
      () => this.#landed(),
      (error: unknown) => {
        this.#failure ??= { error };
        this.#landed();
      },
    );
  }

  /** Resolves when one more may leave; rejects with what went wrong. */
  room(): Promise<void> {
    return this.#until(this.#most - 1);
  }

  /** Resolves when all have arrived. */
  landed(): Promise<void> {
    return this.#until(0);
  }

  async #until(most: number): Promise<void> {
    while (this.#count > most && this.#failure === undefined) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  #landed(): void {
    this.#count -= 1;
    this.#wake?.();
  }
}
