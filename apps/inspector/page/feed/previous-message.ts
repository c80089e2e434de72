/** The message before the one that is selected: on the same topic, the same way, among those that the list shows. */
import type { PageMessage, ServerMessage } from '../../src/api/messages.ts';
import type { RecordDetail, Row } from '../../src/api/row.ts';
import { quoted } from '../filter/filter-terms.ts';
import { Requests } from './requests.ts';

/** Numbers of questions begin here, so that no answer is taken for one of the reader's own. */
const FIRST_REQUEST = 1_000_000_000;

export class PreviousMessage {
  readonly #send: (message: PageMessage) => void;
  readonly #requests: Requests;
  #waiting: { readonly number: number; readonly resolve: (detail: RecordDetail | undefined) => void } | undefined;

  constructor(send: (message: PageMessage) => void) {
    this.#send = send;
    this.#requests = new Requests(send, FIRST_REQUEST);
  }

  /** `undefined` when there is none, or when another one has been asked for since. */
  async of({ number, connection, direction, topic }: Row): Promise<RecordDetail | undefined> {
    this.forget();
    if (topic === undefined) return undefined;
    const filter = `type:publish dir:${direction} conn=${quoted(connection)} topic=${quoted(topic)}`;
    const place = await this.#requests.ask({ type: 'find', from: number, step: -1, filter });
    const before = place?.number;
    if (before === undefined) return undefined;
    return new Promise((resolve) => {
      this.#waiting = { number: before, resolve };
      // A server tells everything of what is selected: for a moment this one is, and then again the reader's own.
      this.#send({ type: 'select', number: before });
      this.#send({ type: 'select', number });
    });
  }

  answer(located: Extract<ServerMessage, { readonly type: 'located' }>): void {
    this.#requests.answer(located);
  }

  /** True when the detail was asked for here. */
  take(number: number, detail: RecordDetail | undefined): boolean {
    if (this.#waiting?.number !== number) return false;
    this.#waiting.resolve(detail);
    this.#waiting = undefined;
    return true;
  }

  forget(): void {
    this.#requests.cancel();
    this.#waiting?.resolve(undefined);
    this.#waiting = undefined;
  }
}
