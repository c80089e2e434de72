import { UnreadableSourceError, tokenize } from './tokens.ts';
import type { Token } from './tokens.ts';

/** The title of a `test(`, `it(` or `describe(` call, as far as it is written out. */
export interface TestTitle {
  readonly text: string;
  /** The titles of the `describe` calls around it, the outermost first. */
  readonly within: readonly string[];
  readonly line: number;
  /** False inside `skip`, `todo` or `fails`: such a test shows nothing. */
  readonly runs: boolean;
}

/**
 * Finds titles that are string or template literals, or a sum that begins with one. A title that
 * is computed otherwise is passed over, and so is `{ skip: true }` among a test's options.
 */
export function findTestTitles(source: string): readonly TestTitle[] {
  const tokens = tokenize(source);
  const closers = matchBrackets(tokens);
  const titles: TestTitle[] = [];
  let silentUntil = -1;
  let around: readonly OpenTitle[] = [];
  for (let index = 0; index < tokens.length; index += 1) {
    const call = readTestCall(tokens, closers, index);
    if (call === undefined) continue;
    if (call.silent) silentUntil = Math.max(silentUntil, closers.get(call.opener) ?? -1);
    const first = tokens[call.opener + 1];
    if (first === undefined || !isLiteral(first)) continue;
    const text = readLiteralSum(tokens, call.opener + 1);
    around = around.filter(({ closer }) => index < closer);
    titles.push({ text, within: around.map((each) => each.text), line: first.line, runs: index > silentUntil });
    around = [...around, { text, closer: closers.get(call.opener) ?? -1 }];
  }
  return titles;
}

/** A title whose call has not been closed yet. */
interface OpenTitle {
  readonly text: string;
  readonly closer: number;
}

interface TestCall {
  /** The parenthesis before the title. */
  readonly opener: number;
  readonly silent: boolean;
}

const testWords = new Set(['test', 'it', 'describe']);
const silencers = new Set(['skip', 'todo', 'fails']);
// `test.each(rows)('title')`: the first call of these takes no title.
const curried = new Set(['each', 'for', 'skipIf', 'runIf']);

/** Reads `test.concurrent.each<Row>(rows)(` from its first word on. */
function readTestCall(
  tokens: readonly Token[],
  closers: ReadonlyMap<number, number>,
  start: number,
): TestCall | undefined {
  const name = tokens[start];
  if (name?.kind !== 'word' || !testWords.has(name.text)) return undefined;
  if (isNotTheTestFunction(tokens[start - 1])) return undefined;
  let silent = false;
  let awaitsTable = false;
  let index = start + 1;
  for (;;) {
    const token = tokens[index];
    if (token?.kind === 'punctuator' && token.text === '.') {
      const modifier = tokens[index + 1]?.text ?? '';
      silent ||= silencers.has(modifier);
      awaitsTable = curried.has(modifier);
      index += 2;
    } else if (awaitsTable && token?.kind === 'punctuator' && token.text === '<') {
      index = skipTypeArguments(tokens, index);
    } else if (awaitsTable && token !== undefined && startsTable(token)) {
      index = (closers.get(index) ?? index) + 1;
      awaitsTable = false;
    } else {
      const opens = token?.kind === 'punctuator' && token.text === '(';
      return opens ? { opener: index, silent } : undefined;
    }
  }
}

// `pattern.test('a text')` is a method, `function test(` a declaration.
function isNotTheTestFunction(before: Token | undefined): boolean {
  return before !== undefined && ['.', '?.', 'function'].includes(before.text);
}

function startsTable(token: Token): boolean {
  return token.kind === 'template' || (token.kind === 'punctuator' && token.text === '(');
}

function skipTypeArguments(tokens: readonly Token[], opener: number): number {
  let depth = 0;
  for (let index = opener; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token?.kind !== 'punctuator') continue;
    if (token.text === '<') depth += 1;
    if (token.text === '>') depth -= 1;
    if (depth === 0) return index + 1;
  }
  return tokens.length;
}

function readLiteralSum(tokens: readonly Token[], start: number): string {
  let text = '';
  for (let index = start; ; index += 2) {
    const token = tokens[index];
    if (token === undefined || !isLiteral(token)) return `${text}\${}`;
    text += token.text;
    const next = tokens[index + 1];
    if (next?.kind !== 'punctuator' || next.text !== '+') return text;
  }
}

function isLiteral(token: Token): boolean {
  return token.kind === 'string' || token.kind === 'template';
}

const closerOf: ReadonlyMap<string, string> = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
]);
const closingTexts: ReadonlySet<string> = new Set(closerOf.values());

/** From the index of each opening bracket to the index of its partner. */
function matchBrackets(tokens: readonly Token[]): ReadonlyMap<number, number> {
  const closers = new Map<number, number>();
  const open: { readonly index: number; readonly closer: string; readonly line: number }[] = [];
  for (const [index, { kind, text, line }] of tokens.entries()) {
    if (kind !== 'punctuator') continue;
    const closer = closerOf.get(text);
    if (closer !== undefined) open.push({ index, closer, line });
    if (!closingTexts.has(text)) continue;
    const opener = open.pop();
    if (opener?.closer !== text) throw new UnreadableSourceError(`A ${text} closes nothing`, line);
    closers.set(opener.index, index);
  }
  const left = open.at(-1);
  if (left !== undefined) throw new UnreadableSourceError(`No ${left.closer} is found`, left.line);
  return closers;
}
