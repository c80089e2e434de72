/** What is said to people, on standard error: never data, never control characters from the network. */
import type { Io } from '../io.ts';
import { escapeBlock, escapeLine } from './terminal-text.ts';

export interface TalkOptions {
  readonly isQuiet: boolean;
  readonly color: 'auto' | 'always' | 'never';
}

export class Talk {
  readonly #io: Io;
  readonly #isQuiet: boolean;
  readonly #hasColor: boolean;

  constructor(io: Io, { isQuiet, color }: TalkOptions) {
    this.#io = io;
    this.#isQuiet = isQuiet;
    this.#hasColor = color === 'always' || (color === 'auto' && wantsColor(io));
  }

  /** For those who did not ask for silence. */
  say(text: string): void {
    if (!this.#isQuiet) this.#io.err.line(escapeLine(text));
  }

  warn(text: string): void {
    if (!this.#isQuiet) this.#io.err.line(`${this.#paint('33', 'warning:')} ${escapeLine(text)}`);
  }

  error(text: string): void {
    this.#io.err.line(`${this.#paint('31', 'omqtt:')} ${escapeBlock(text)}`);
  }

  #paint(code: string, text: string): string {
    return this.#hasColor ? `\u001b[${code}m${text}\u001b[0m` : text;
  }
}

/** https://no-color.org, and its opposite. */
function wantsColor({ err, env }: Io): boolean {
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return err.isTerminal && env['TERM'] !== 'dumb';
}
