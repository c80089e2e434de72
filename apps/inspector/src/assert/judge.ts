/**
 * Looks at each record once, when most of what will become of it is known: its acknowledgement has come or is late. Under
 * pressure it looks earlier, before the store drops it.
 */
import type { InspectionLimits, PacketRecord, RecordStore } from '@omqtt/inspect';
import type { Verdict } from '../thread/thread-messages.ts';
import { compare, parseAssertion, type Assertion } from './parse-assertion.ts';

/** A record that is older is judged as it is. */
const SETTLED_MS = 30_000;
/** Of `within`: first halves that wait for their second one. */
const MOST_WAITING = 100_000;

type StoreLimits = Pick<InspectionLimits, 'maximumRecords' | 'maximumStoredBytes'>;

interface Case {
  readonly assertion: Assertion;
  matched: number;
  /** Of a record that decides. */
  example: number | undefined;
  failed: number;
  waiting: { readonly at: number; readonly number: number }[];
}

export class Judge {
  readonly #cases: readonly Case[];
  readonly #records: RecordStore;
  readonly #limits: StoreLimits;
  /** Number of the last record that was judged. */
  #judged = 0;
  #missed = 0;

  constructor(assertions: readonly string[], records: RecordStore, limits: StoreLimits) {
    this.#limits = limits;
    this.#records = records;
    this.#cases = assertions.map((text) => ({
      assertion: parseAssertion(text),
      matched: 0,
      example: undefined,
      failed: 0,
      waiting: [],
    }));
  }

  proceed(now: number): void {
    if (this.#cases.length === 0) return;
    const { length, storedBytes } = this.#records;
    const { maximumRecords, maximumStoredBytes } = this.#limits;
    // The older half is out of danger when it has been judged.
    const isTight = length > maximumRecords / 2 || storedBytes > maximumStoredBytes / 2;
    const middle = (this.#records.at(0)?.number ?? 0) + length / 2;
    this.#judgeWhile(({ at, number }) => now - at > SETTLED_MS || (isTight && number < middle));
  }

  finish(): Verdict[] {
    this.#judgeWhile(() => true);
    return this.#cases.map((each) => this.#verdictOf(each));
  }

  #judgeWhile(isDue: (record: PacketRecord) => boolean): void {
    if (this.#cases.length === 0) return;
    const first = this.#records.at(0)?.number ?? 1;
    if (first > this.#judged + 1) {
      this.#missed += first - this.#judged - 1;
      this.#judged = first - 1;
    }
    for (;;) {
      const record = this.#records.get(this.#judged + 1);
      if (record === undefined || !isDue(record)) return;
      for (const each of this.#cases) judge(each, record);
      this.#judged += 1;
    }
  }

  #verdictOf({ assertion, matched, example, failed, waiting }: Case): Verdict {
    const { text: assertionText } = assertion;
    const place = example === undefined ? '' : `, such as packet ${example}`;
    // What nobody looked at may have been what matters.
    if (this.#missed > 0) {
      const reason = `${this.#missed} packets were dropped before they could be looked at: give --limit more`;
      return { assertion: assertionText, holds: false, reason };
    }
    switch (assertion.type) {
      case 'never':
        return { assertion: assertionText, holds: matched === 0, reason: `${matched} packets match${place}` };
      case 'count': {
        const holds = compare(assertion.operator, matched, assertion.count);
        return { assertion: assertionText, holds, reason: `${matched} packets match${place}` };
      }
      case 'within': {
        const late = failed + waiting.length;
        const reason = `${late} of ${matched} were not followed in time${place || firstOf(waiting)}`;
        return { assertion: assertionText, holds: late === 0, reason };
      }
    }
  }
}

function judge(state: Case, record: PacketRecord): void {
  const { assertion } = state;
  if (assertion.type !== 'within') {
    if (!assertion.test(record)) return;
    state.matched += 1;
    state.example ??= record.number;
    return;
  }
  const { first, answer, limitMs } = assertion;
  const [oldest] = state.waiting;
  if (oldest && record.at - oldest.at > limitMs) {
    const still = state.waiting.filter(({ at }) => record.at - at <= limitMs);
    state.failed += state.waiting.length - still.length;
    state.example ??= oldest.number;
    state.waiting = still;
  }
  if (state.waiting.length > 0 && answer(record)) state.waiting = [];
  if (!first(record)) return;
  state.matched += 1;
  if (state.waiting.length < MOST_WAITING) state.waiting.push({ at: record.at, number: record.number });
  else state.failed += 1;
}

function firstOf(waiting: Case['waiting']): string {
  return waiting[0] ? `, such as packet ${waiting[0].number}` : '';
}
