/** Counts what happened, to show that the histories reach what they are meant to reach. */
export class Coverage {
  readonly counts = new Map<string, number>();

  count(kind: string, times = 1): void {
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + times);
  }

  add(other: Coverage): void {
    for (const [kind, times] of other.counts) this.count(kind, times);
  }

  of(kind: string): number {
    return this.counts.get(kind) ?? 0;
  }
}
