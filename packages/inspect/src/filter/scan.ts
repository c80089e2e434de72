/** Cuts the text of a filter into tokens with their places. */
import type { FilterProblem } from './filter-problem.ts';

export type Operator = ':' | '=' | '!=' | '<' | '<=' | '>' | '>=' | '~' | 'in';

export interface FilterValue {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** For `/…/i`: its flags. */
  readonly flags?: string;
}

export type Token =
  | { readonly kind: '(' | ')' | 'and' | 'or' | 'not'; readonly start: number; readonly end: number }
  /** `"text"` or `/text/i`, without a field. */
  | { readonly kind: 'text'; readonly start: number; readonly end: number; readonly value: FilterValue }
  | {
      readonly kind: 'term';
      readonly start: number;
      readonly end: number;
      readonly field: string;
      readonly operator: Operator;
      readonly values: readonly FilterValue[];
    };

export interface Scanned {
  readonly tokens: readonly Token[];
  readonly problems: readonly FilterProblem[];
}

export function scan(text: string): Scanned {
  const scanner = new Scanner(text);
  scanner.run();
  return scanner;
}

const NAME = /[A-Za-z][\w.$-]*/y;
const OPERATOR = /:|\s*(?:!=|<=|>=|=|<|>|~)\s*/y;
const IN = /\s+in\s*\(/y;

class Scanner implements Scanned {
  readonly tokens: Token[] = [];
  readonly problems: FilterProblem[] = [];
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  run(): void {
    for (;;) {
      this.#match(/\s*/y);
      if (this.#at >= this.#text.length) return;
      this.#next();
    }
  }

  #next(): void {
    const start = this.#at;
    const character = this.#text[start] as string;
    if (character === '(' || character === ')') {
      this.#at += 1;
      this.tokens.push({ kind: character, start, end: this.#at });
    } else if (character === '-') {
      this.#at += 1;
      this.tokens.push({ kind: 'not', start, end: this.#at });
    } else if (character === '"' || character === '/') {
      const value = this.#value();
      this.tokens.push({ kind: 'text', start, end: this.#at, value });
    } else this.#word(start);
  }

  #word(start: number): void {
    const name = this.#match(NAME);
    if (name === undefined) {
      const bare = this.#value();
      this.tokens.push({ kind: 'text', start, end: this.#at, value: bare });
      return;
    }
    if (name === 'and' || name === 'or' || name === 'not') {
      this.tokens.push({ kind: name, start, end: this.#at });
      return;
    }
    if (this.#match(IN) !== undefined) return this.#list(name, start);
    const operator = this.#match(OPERATOR)?.trim() as Operator | undefined;
    if (operator !== undefined) {
      const values = [this.#value()];
      this.tokens.push({ kind: 'term', start, end: this.#at, field: name, operator, values });
      return;
    }
    // A word alone is text to look for, and may go on with characters that no field has.
    this.#at = start;
    this.tokens.push({ kind: 'text', start, end: this.#at, value: this.#value() });
  }

  #list(field: string, start: number): void {
    const values: FilterValue[] = [];
    for (;;) {
      this.#match(/[\s,]*/y);
      if (this.#at >= this.#text.length) {
        this.problems.push({ message: 'the list has no end: write )', start, end: this.#at });
        break;
      }
      if (this.#match(/\)/y) !== undefined) break;
      const value = this.#value(/[^\s,()]*/y);
      if (value.end > value.start) values.push(value);
      else {
        this.#at += 1;
        this.problems.push({ message: 'a list has no ( within', start: value.start, end: this.#at });
      }
    }
    this.tokens.push({ kind: 'term', start, end: this.#at, field, operator: 'in', values });
  }

  #value(bare: RegExp = /[^\s()]*/y): FilterValue {
    const start = this.#at;
    const first = this.#text[start];
    if (first === '"') return this.#quoted(start);
    if (first === '/') return this.#pattern(start);
    const text = this.#match(bare) ?? '';
    return { text, start, end: this.#at };
  }

  #quoted(start: number): FilterValue {
    const raw = this.#match(/"(?:[^"\\]|\\[^])*"/y);
    if (raw !== undefined) return { text: raw.slice(1, -1).replace(/\\([^])/g, '$1'), start, end: this.#at };
    this.#at = this.#text.length;
    this.problems.push({ message: 'the text has no end: write "', start, end: this.#at });
    return { text: this.#text.slice(start + 1), start, end: this.#at };
  }

  #pattern(start: number): FilterValue {
    const raw = this.#match(/\/(?:[^/\\]|\\[^])+\/[a-z]*/y);
    if (raw === undefined) {
      // A topic may begin with a slash.
      const text = this.#match(/[^\s()]*/y) ?? '';
      return { text, start, end: this.#at };
    }
    const close = raw.lastIndexOf('/');
    return { text: raw.slice(1, close), flags: raw.slice(close + 1), start, end: this.#at };
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }
}
