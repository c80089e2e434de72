/** One line for each thing that was tried; a failure does not stop the rest. */
export class Report {
  /** Of what it reports, such as `pack:check`. */
  readonly #title: string;
  #successes = 0;
  #failures = 0;

  constructor(title: string) {
    this.#title = title;
  }

  /** `attempt` throws to fail; a text that it returns is printed beside the name. Says whether it succeeded. */
  async try(name: string, attempt: () => unknown): Promise<boolean> {
    try {
      const detail = await attempt();
      this.#successes += 1;
      console.log(`ok     ${name}${typeof detail === 'string' ? `: ${detail}` : ''}`);
      return true;
    } catch (error) {
      this.#failures += 1;
      console.log(`FAILED ${name}\n${error instanceof Error ? error.message : String(error)}`);
      return false;
    }
  }

  /** The last line, and whether all is well. Nothing tried is not well. */
  conclude(): boolean {
    console.log(`${this.#title}: ${this.#successes} ok, ${this.#failures} failed`);
    return this.#failures === 0 && this.#successes > 0;
  }
}
