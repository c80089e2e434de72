/** Asks what the server thinks of a filter that is being typed: only the last question matters. */
import type { PageMessage, ServerMessage } from '../../src/api/messages.ts';

export type Completed = Extract<ServerMessage, { readonly type: 'completed' }>;

export class Typing {
  readonly #send: (message: PageMessage) => void;
  #request = 0;
  #answered: ((answer: Completed) => void) | undefined;

  constructor(send: (message: PageMessage) => void) {
    this.#send = send;
  }

  ask(text: string, cursor: number, answered: (answer: Completed) => void): void {
    this.#request += 1;
    this.#answered = answered;
    this.#send({ type: 'complete', request: this.#request, text, cursor });
  }

  answer(answer: Completed): void {
    if (answer.request === this.#request) this.#answered?.(answer);
  }
}
