/** What is retained for a reader who has just come: each topic once, although several filters may match it. */
import type { ReadValue } from '../read/last-values.ts';
import type { RetainedReader } from '../read/retained-reader.ts';

export async function* snapshotOf(
  filters: readonly string[],
  retained: RetainedReader,
): AsyncGenerator<ReadValue, void> {
  const seen = new Set<string>();
  for (const filter of filters) {
    // Without it there is still what comes from now on.
    const { messages, readAt } = await retained.read(filter).catch(() => NOTHING);
    for (const message of messages) {
      if (seen.has(message.topic)) continue;
      seen.add(message.topic);
      yield { message, readAt };
    }
  }
}

const NOTHING = { messages: [], readAt: 0 } as const;
