/**
 * Enough of a JavaScript tokenizer to tell a call from a comment, a string or a regular expression
 * that looks like one. JSX is not understood. What it cannot read it refuses, because a file read
 * wrongly would be a statement reported wrongly.
 */
export interface Token {
  readonly kind: 'word' | 'number' | 'string' | 'template' | 'regex' | 'punctuator';
  /** As written; for strings and templates the text without quotes, `${}` for what is computed. */
  readonly text: string;
  readonly line: number;
}

export class UnreadableSourceError extends Error {
  override readonly name: string = 'UnreadableSourceError';
  readonly line: number;

  constructor(what: string, line: number) {
    super(`${what} (line ${line})`);
    this.line = line;
  }
}

export function tokenize(source: string): readonly Token[] {
  return new Tokenizer(source).tokensUntil(undefined);
}

const blank = /(?:\s|\/\/[^\n]*|\/\*[^]*?\*\/)+/y;
const word = /[#@]?[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/uy;
const number = /\.?\d(?:[eE][+-]?\d|[\w.])*/y;
const string = /'(?:[^'\\\n]|\\[^])*'|"(?:[^"\\\n]|\\[^])*"/y;
const regex = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/\w*/y;
const punctuator = /=>|\?\.(?!\d)|\.{3}|\+\+|--|[^]/y;

// After these words an expression begins, so a slash begins a regular expression.
const wordsBeforeExpression = new Set(
  'await case delete do else in instanceof new of return throw typeof void yield'.split(' '),
);
const endsOfExpression = new Set([')', ']', '}', '++', '--']);

class Tokenizer {
  readonly #source: string;
  #position: number;
  #line = 1;

  constructor(source: string) {
    this.#source = source;
    // A first line `#!/usr/bin/env node` is no code.
    this.#position = /^#![^\n]*/.exec(source)?.[0].length ?? 0;
  }

  /** Up to the end, or up to the brace that closes an expression inside a template. */
  tokensUntil(end: '}' | undefined): readonly Token[] {
    const tokens: Token[] = [];
    let depth = 0;
    for (;;) {
      this.#take(blank);
      if (this.#position >= this.#source.length) {
        if (end === undefined) return tokens;
        throw this.#unreadable('An expression in a template has no end');
      }
      const token = this.#next(tokens);
      if (end !== undefined && token.kind === 'punctuator') {
        if (token.text === '{') depth += 1;
        if (token.text === '}' && depth === 0) return tokens;
        if (token.text === '}') depth -= 1;
      }
      tokens.push(token);
    }
  }

  #next(before: readonly Token[]): Token {
    const line = this.#line;
    const first = this.#source.charAt(this.#position);
    if (first === '`') return { kind: 'template', text: this.#template(), line };
    if (first === "'" || first === '"') {
      const text = this.#take(string);
      if (text === undefined) throw this.#unreadable('A string has no end');
      return { kind: 'string', text: unescape(text.slice(1, -1)), line };
    }
    if (this.#source.startsWith('/*', this.#position)) throw this.#unreadable('A comment has no end');
    if (first === '/' && !endsExpression(before)) {
      const text = this.#take(regex);
      if (text === undefined) throw this.#unreadable('A regular expression has no end');
      return { kind: 'regex', text, line };
    }
    const name = this.#take(word);
    if (name !== undefined) return { kind: 'word', text: name, line };
    const digits = this.#take(number);
    if (digits !== undefined) return { kind: 'number', text: digits, line };
    return { kind: 'punctuator', text: this.#take(punctuator) ?? '', line };
  }

  #template(): string {
    this.#position += 1;
    let text = '';
    for (;;) {
      const part = this.#take(/(?:[^`\\$]|\\[^]|\$(?!\{))+/y);
      if (part !== undefined) text += unescape(part);
      if (this.#take(/`/y) !== undefined) return text;
      if (this.#take(/\$\{/y) === undefined) throw this.#unreadable('A template has no end');
      this.tokensUntil('}');
      text += '${}';
    }
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#position;
    const text = pattern.exec(this.#source)?.[0];
    if (text === undefined) return undefined;
    this.#position += text.length;
    this.#line += text.split('\n').length - 1;
    return text;
  }

  #unreadable(what: string): UnreadableSourceError {
    return new UnreadableSourceError(what, this.#line);
  }
}

function endsExpression(before: readonly Token[]): boolean {
  const last = before.at(-1);
  if (last === undefined) return false;
  if (last.kind === 'punctuator') return endsOfExpression.has(last.text);
  if (last.kind !== 'word' || !wordsBeforeExpression.has(last.text)) return true;
  // `row.of / 2`: a property may be named like a keyword.
  const beforeWord = before.at(-2)?.text;
  return beforeWord === '.' || beforeWord === '?.';
}

// Exact values do not matter here: an id never needs an escape.
function unescape(text: string): string {
  return text.replaceAll(/\\([^])/g, (_, character: string) => ('nrtbfv0\n'.includes(character) ? ' ' : character));
}
