/** How often each statement was broken, and by whom. */
import type { PacketRecord, Severity } from '@omqtt/inspect';
import type { StatisticsView } from '../api/tally-view.ts';

/** Records whose findings may still grow. */
const MOST_RECORDS = 100_000;
const MOST_CONNECTIONS = 10_000;
/** The worst first. */
const ranks: readonly Severity[] = ['error', 'warning', 'note'];

export class FindingCounts {
  readonly #byId = new Map<string, { count: number; severity: Severity; readonly message: string }>();
  readonly #byConnection = new Map<string, { errors: number; warnings: number }>();
  /** How many findings of a record have been counted. */
  readonly #counted = new Map<number, number>();

  /** Counts the findings that are new; returns how many. */
  count({ number, connection, findings }: PacketRecord): number {
    if (findings.length === 0) return 0;
    const known = this.#counted.get(number) ?? 0;
    this.#counted.set(number, findings.length);
    forgetOldest(this.#counted, MOST_RECORDS);
    for (const { id, message, severity } of findings.slice(known)) {
      const counted = this.#byId.get(id);
      if (counted) {
        counted.count += 1;
        if (ranks.indexOf(severity) < ranks.indexOf(counted.severity)) counted.severity = severity;
      } else this.#byId.set(id, { count: 1, severity, message });
      const side = this.#byConnection.get(connection) ?? { errors: 0, warnings: 0 };
      if (severity === 'error') side.errors += 1;
      if (severity === 'warning') side.warnings += 1;
      this.#byConnection.set(connection, side);
    }
    forgetOldest(this.#byConnection, MOST_CONNECTIONS);
    return findings.length - known;
  }

  of(connection: string): { readonly errors: number; readonly warnings: number } {
    return this.#byConnection.get(connection) ?? { errors: 0, warnings: 0 };
  }

  view(): StatisticsView['findings'] {
    return Array.from(this.#byId, ([id, counted]) => ({ id, ...counted })).toSorted(
      (one, other) => other.count - one.count,
    );
  }
}

function forgetOldest<Key>(map: Map<Key, unknown>, most: number): void {
  if (map.size <= most) return;
  for (const key of map.keys()) {
    map.delete(key);
    return;
  }
}
