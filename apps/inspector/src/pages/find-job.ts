/** The search for the next record of a list that fulfils another filter, in slices. */
import { compileFilter, type PacketRecord } from '@omqtt/inspect';
import type { PageMessage } from '../api/messages.ts';
import type { RecordView } from './record-view.ts';

export interface Found {
  readonly type: 'located';
  readonly request: number;
  readonly number?: number;
  readonly position?: number;
}

const STRIDE = 64;

export class FindJob {
  readonly #request: number;
  readonly #step: 1 | -1;
  readonly #matches: ((record: PacketRecord) => boolean) | undefined;
  /** Number of the record to go on behind. */
  #number: number;

  constructor({ request, from, step, filter }: Extract<PageMessage, { readonly type: 'find' }>) {
    this.#request = request;
    this.#step = step;
    this.#number = from;
    this.#matches = compileFilter(filter).matches;
  }

  proceed(view: RecordView, isTimeUp: () => boolean): Found | 'not yet' {
    const nowhere: Found = { type: 'located', request: this.#request };
    if (!this.#matches) return nowhere;
    let position = this.#step === 1 ? view.positionFrom(this.#number + 1) : view.positionFrom(this.#number) - 1;
    for (let count = 1; position >= view.first && position < view.end; count += 1) {
      const record = view.at(position);
      if (record && this.#matches(record)) return { ...nowhere, number: record.number, position };
      if (record) this.#number = record.number;
      if (count % STRIDE === 0 && isTimeUp()) return 'not yet';
      position += this.#step;
    }
    return nowhere;
  }
}
