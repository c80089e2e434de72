/** Messages that are on their way: so many at once, and the first that fails ends it all. */
export class Flights {
  /** Rejects with the first that fails. Never resolves. */
  readonly failed: Promise<never>;
  readonly #most: number;
  #count = 0;
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;
  #fail: (error: unknown) => void = () => undefined;

  constructor(most: number) {
    this.#most = most;
    this.failed = new Promise((_resolve, reject) => {
      this.#fail = reject;
    });
    // Looked at by those who wait.
    this.failed.catch(() => undefined);
  }

  add(work: Promise<unknown>): void {
    this.#count += 1;
    work.then(
      () => this.#landed(),
      (error: unknown) => {
        this.#failure ??= { error };
        this.#fail(error);
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
