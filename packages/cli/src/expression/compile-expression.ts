/**
 * What messages match: `topic:a/+ and payload.json.temp>20 and not is:retain`. Understood before the first message.
 *
 *     or   := and ("or" and)*          and  := not (["and"] not)*
 *     not  := ("not" | "-") not | "(" or ")" | term
 *     term := FIELD OPERATOR VALUE | is:FLAG | "text" | text
 */
import { topicMatches } from '@omqtt/codec';
import { UsageError } from '../cli-error.ts';
import { fieldOf, jsonAt } from '../output/message-fields.ts';
import { strictText } from '../output/message-record.ts';
import type { ReceivedMessage } from '../output/received-message.ts';

export type Test = (message: ReceivedMessage) => boolean;

interface Reader {
  readonly text: string;
  readonly tokens: string[];
}

export function compileExpression(text: string): Test {
  const tokens = text.match(/"(?:\\.|[^"\\])*"|[()]|(?:[^\s()"]+"(?:\\.|[^"\\])*")|[^\s()"]+/g) ?? [];
  if (tokens.length === 0) throw new UsageError('the expression is empty: write such as topic:a/+ or payload="on"');
  const reader = { text, tokens: [...tokens] };
  const test = readOr(reader);
  if (reader.tokens.length > 0) throw problem(reader, `did not expect ${JSON.stringify(reader.tokens[0])}`);
  return test;
}

function readOr(reader: Reader): Test {
  let test = readAnd(reader);
  while (reader.tokens[0] === 'or') {
    reader.tokens.shift();
    test = either(test, readAnd(reader));
  }
  return test;
}

function readAnd(reader: Reader): Test {
  let test = readNot(reader);
  while (reader.tokens.length > 0 && reader.tokens[0] !== 'or' && reader.tokens[0] !== ')') {
    if (reader.tokens[0] === 'and') reader.tokens.shift();
    test = both(test, readNot(reader));
  }
  return test;
}

function readNot(reader: Reader): Test {
  const token = reader.tokens.shift();
  if (token === undefined) throw problem(reader, 'ends too early');
  if (token === 'not' || token === '-') {
    const test = readNot(reader);
    return (message) => !test(message);
  }
  if (token === '(') {
    const test = readOr(reader);
    if (reader.tokens.shift() !== ')') throw problem(reader, 'lacks a )');
    return test;
  }
  return termOf(token, reader);
}

const both =
  (left: Test, right: Test): Test =>
  (message) =>
    left(message) && right(message);
const either =
  (left: Test, right: Test): Test =>
  (message) =>
    left(message) || right(message);

const term = /^(?<field>[A-Za-z][\w.$-]*)(?<operator>!=|<=|>=|=|<|>|~|:)(?<value>[\s\S]*)$/;

function termOf(token: string, reader: Reader): Test {
  const { field, operator = '', value = '' } = term.exec(token)?.groups ?? {};
  if (field === undefined) return contains(unquoted(token));
  const wanted = unquoted(value);
  if (field === 'is') return flagOf(wanted, reader);
  if (field === 'topic' && operator === ':') return ({ topic }) => topicMatches(wanted, topic);
  const read = valueOf(field, reader);
  if (operator === '~') return matching(read, wanted, reader);
  if (operator === '=' || operator === ':') return (message) => isSame(read(message), wanted);
  if (operator === '!=') return (message) => !isSame(read(message), wanted);
  return comparing(read, operator, Number(wanted));
}

function contains(wanted: string): Test {
  return ({ topic, payload }) => topic.includes(wanted) || (strictText(payload)?.includes(wanted) ?? false);
}

function flagOf(name: string, reader: Reader): Test {
  if (name === 'retain') return ({ retain }) => retain;
  if (name === 'dup') return ({ dup }) => dup;
  if (name === 'empty') return ({ payload }) => payload.length === 0;
  throw problem(reader, `knows no is:${name}: there are is:retain, is:dup and is:empty`);
}

/** A value, or nothing where the message has none: then no comparison holds. */
function valueOf(field: string, reader: Reader): (message: ReceivedMessage) => string | undefined {
  if (field.startsWith('payload.json.')) {
    const path = field.split('.').slice(2);
    return ({ payload }) => {
      const value = jsonAt(payload, path);
      return value === undefined || typeof value === 'string' ? value : JSON.stringify(value);
    };
  }
  const read = fieldOf(field);
  if (read === undefined) throw problem(reader, `knows no field ${field}`);
  return (message) => {
    const value = read(message);
    return typeof value === 'string' ? value : strictText(value);
  };
}

function isSame(value: string | undefined, wanted: string): boolean {
  if (value === undefined) return false;
  if (value === wanted) return true;
  return wanted.trim() !== '' && value.trim() !== '' && Number(value) === Number(wanted);
}

function comparing(read: (message: ReceivedMessage) => string | undefined, operator: string, limit: number): Test {
  return (message) => {
    const text = read(message);
    const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
    if (operator === '<') return value < limit;
    if (operator === '>') return value > limit;
    return operator === '<=' ? value <= limit : value >= limit;
  };
}

function matching(read: (message: ReceivedMessage) => string | undefined, pattern: string, reader: Reader): Test {
  try {
    const expression = new RegExp(pattern, 'u');
    return (message) => expression.test(read(message) ?? '');
  } catch {
    throw problem(reader, `has no regular expression in ${JSON.stringify(pattern)}`);
  }
}

function unquoted(text: string): string {
  return text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1).replace(/\\(.)/g, '$1') : text;
}

function problem({ text }: Reader, what: string): UsageError {
  return new UsageError(`the expression ${JSON.stringify(text)} ${what}`);
}
