/**
 * The filter language of the inspector, the same in page, terminal and assertions:
 *
 *     type:publish dir:c2s qos>=1 rtt>200ms · client:dev-* and has:lint · topic:sensors/+/temp · payload.json.temp>20
 *     -type:pingreq · (rc>=0x80 or is:malformed) · "text" · /regex/i · bytes:"30 ?? 61" · pid in (1, 2, 3)
 *
 * Terms beside each other have to hold all; `or` binds weaker, `not` and `-` stronger.
 */
import type { PacketRecord } from '../packet-record.ts';
import { compileTerm, compileText, type Compiled, type RecordTest } from './compile-term.ts';
import type { FilterProblem } from './filter-problem.ts';
import { scan, type Token } from './scan.ts';

export interface Filter {
  /** `undefined` when there are problems. `now` is for `age`; default: the time of the record. */
  readonly matches: ((record: PacketRecord, now?: number) => boolean) | undefined;
  /** What is wrong with the text, in its order. */
  readonly problems: readonly FilterProblem[];
}

/** An empty text lets everything through. */
export function compileFilter(text: string): Filter {
  const { tokens, problems } = scan(text);
  const parser = new Parser(tokens, text.length, [...problems]);
  const { test } = parser.whole();
  const found = parser.problems.toSorted((one, other) => one.start - other.start);
  if (found.length > 0) return { matches: undefined, problems: found };
  return { matches: (record, now = record.at) => test(record, now), problems: [] };
}

const everything: Compiled = { cost: 0, test: () => true };
/** Deeper nesting is a mistake, and would exhaust the stack. */
const MOST_DEPTH = 100;

class Parser {
  readonly problems: FilterProblem[];
  readonly #tokens: readonly Token[];
  readonly #end: number;
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], end: number, problems: FilterProblem[]) {
    this.#tokens = tokens;
    this.#end = end;
    this.problems = problems;
  }

  whole(): Compiled {
    const parts: Compiled[] = [];
    while (this.#peek()) {
      parts.push(this.#or());
      const rest = this.#peek();
      if (rest) {
        // Only a ) stops what could go on.
        this.#report('this ) closes nothing', rest);
        this.#at += 1;
      }
    }
    return parts.length === 0 ? everything : allOf(parts);
  }

  #or(): Compiled {
    const parts = [this.#and()];
    while (this.#peek()?.kind === 'or') {
      this.#at += 1;
      parts.push(this.#and());
    }
    const [only] = parts;
    return parts.length === 1 && only ? only : anyOf(parts);
  }

  #and(): Compiled {
    const parts = [this.#unary()];
    for (;;) {
      const next = this.#peek();
      if (next === undefined || next.kind === 'or' || next.kind === ')') return allOf(parts);
      if (next.kind === 'and') this.#at += 1;
      parts.push(this.#unary());
    }
  }

  #unary(): Compiled {
    const token = this.#peek();
    if (token === undefined) return this.#missing();
    switch (token.kind) {
      case 'not':
        return this.#deeper(token, () => {
          const { test, cost } = this.#unary();
          return { cost, test: (record, now) => !test(record, now) };
        });
      case '(':
        return this.#deeper(token, () => this.#group(token));
      case 'text':
        this.#at += 1;
        return compileText(token, (problem) => this.problems.push(problem));
      case 'term':
        this.#at += 1;
        return compileTerm(token, (problem) => this.problems.push(problem));
      case 'and':
        this.#at += 1;
        this.#report(`a term is missing before ${token.kind}`, token);
        return everything;
      case 'or':
      case ')':
        return this.#missing(token);
    }
  }

  #group(open: Token): Compiled {
    if (this.#peek()?.kind === ')') this.#report('there is nothing between ( and )', open);
    else {
      const inner = this.#or();
      if (this.#peek()?.kind !== ')') this.#report('this ( is not closed', open);
      else this.#at += 1;
      return inner;
    }
    this.#at += 1;
    return everything;
  }

  #deeper(token: Token, read: () => Compiled): Compiled {
    this.#at += 1;
    this.#depth += 1;
    if (this.#depth > MOST_DEPTH) {
      this.#report('this is nested too deep', token);
      this.#at = this.#tokens.length;
      return everything;
    }
    const compiled = read();
    this.#depth -= 1;
    return compiled;
  }

  #missing(token?: Token): Compiled {
    this.problems.push({
      message: 'a term is missing here',
      start: token?.start ?? this.#end,
      end: token?.end ?? this.#end,
    });
    return everything;
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#at];
  }

  #report(message: string, { start, end }: Token): void {
    this.problems.push({ message, start, end });
  }
}

/** The cheap tests first: the payload is looked at when nothing else has decided. */
function allOf(parts: readonly Compiled[]): Compiled {
  const tests = inOrder(parts);
  const [first] = tests;
  if (tests.length === 1 && first) return { test: first, cost: costOf(parts) };
  return { cost: costOf(parts), test: (record, now) => tests.every((test) => test(record, now)) };
}

function anyOf(parts: readonly Compiled[]): Compiled {
  const tests = inOrder(parts);
  return { cost: costOf(parts), test: (record, now) => tests.some((test) => test(record, now)) };
}

function inOrder(parts: readonly Compiled[]): RecordTest[] {
  return parts.toSorted((one, other) => one.cost - other.cost).map(({ test }) => test);
}

function costOf(parts: readonly Compiled[]): Compiled['cost'] {
  return Math.max(...parts.map(({ cost }) => cost)) as Compiled['cost'];
}
