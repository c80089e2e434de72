/** Tells the parts of the page what changed, once in an animation frame however often it changed. No timer runs while nothing does. */

export class FrameHub<Aspect extends string> {
  readonly #listeners = new Map<Aspect, (() => void)[]>();
  readonly #changed = new Set<Aspect>();
  #isScheduled = false;

  /** A part that listens to several aspects is told once. Parts live as long as the page. */
  on(aspects: readonly Aspect[], listener: () => void): void {
    for (const aspect of aspects) {
      const listeners = this.#listeners.get(aspect) ?? [];
      listeners.push(listener);
      this.#listeners.set(aspect, listeners);
    }
  }

  changed(...aspects: readonly Aspect[]): void {
    for (const aspect of aspects) this.#changed.add(aspect);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    requestAnimationFrame(() => this.#tell());
  }

  #tell(): void {
    this.#isScheduled = false;
    const aspects = [...this.#changed];
    this.#changed.clear();
    const listeners = new Set(aspects.flatMap((aspect) => this.#listeners.get(aspect) ?? []));
    for (const listener of listeners) listener();
  }
}
