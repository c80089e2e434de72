/**
 * What a row does not say of its exchanges: their steps, and the request that a message makes. A server tells it of the
 * record that is selected, so the page selects those in sight for a moment, and then again the one that a reader chose.
 */
import type { PageMessage } from '../../src/api/messages.ts';
import type { RecordDetail, Row } from '../../src/api/row.ts';

export type Exchanges = Pick<RecordDetail, 'pair' | 'request'>;

const MOST_AT_ONCE = 40;
const MOST_KEPT = 400;
/** A detail has the bytes of its packet: those of long ones are only fetched when a reader selects them. */
const LONGEST_PAYLOAD = 16_384;

export class Peeks {
  readonly #send: (message: PageMessage) => void;
  /** By the number of the record, with the row that was looked at: another row means that something has changed. */
  readonly #known = new Map<number, { readonly row: Row; readonly exchanges: Exchanges }>();
  readonly #asked = new Map<number, Row>();

  constructor(send: (message: PageMessage) => void) {
    this.#send = send;
  }

  /** What was last heard, perhaps not of this moment. */
  of({ number }: Row): Exchanges | undefined {
    return this.#known.get(number)?.exchanges;
  }

  /** Asks for what is not known of these rows. One question at a time: the answer makes the list ask again. */
  want(rows: readonly Row[], selected: number | undefined): void {
    if (this.#asked.size > 0) return;
    const missing = rows.filter((row) => this.#known.get(row.number)?.row !== row && isWorthIt(row));
    if (missing.length === 0) return;
    for (const row of missing.slice(0, MOST_AT_ONCE)) {
      this.#asked.set(row.number, row);
      this.#send({ type: 'select', number: row.number });
    }
    this.#send({ type: 'select', ...(selected !== undefined && { number: selected }) });
  }

  /** True when the detail was asked for here. */
  take(number: number, detail: RecordDetail | undefined): boolean {
    const row = this.#asked.get(number);
    if (!row) return false;
    this.#asked.delete(number);
    this.#known.delete(number);
    this.#known.set(number, {
      row,
      exchanges: { ...(detail?.pair && { pair: detail.pair }), ...(detail?.request && { request: detail.request }) },
    });
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MOST_KEPT) break;
      this.#known.delete(oldest);
    }
    return true;
  }

  forget(): void {
    this.#known.clear();
    this.#asked.clear();
  }
}

function isWorthIt({ payloadBytes = 0 }: Row): boolean {
  return payloadBytes <= LONGEST_PAYLOAD;
}
