/** What a page sent, checked: whatever it is, only a message or a sentence comes out. */
import { MOST_COLOURS, type PageMessage, type Subject } from '../api/messages.ts';

const subjects: ReadonlySet<unknown> = new Set<Subject>(['connections', 'topics', 'statistics', 'timeline']);
const MOST_FILTER_CHARACTERS = 4096;

type Parsed = Readonly<Record<string, unknown>>;

/** The message, or what is wrong with it. */
export function readPageMessage(text: string): PageMessage | string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return 'A message is a JSON object.';
  }
  if (typeof parsed !== 'object' || parsed === null) return 'A message is a JSON object.';
  return checked(parsed as Parsed) ?? 'This message is not known, or not complete.';
}

function checked(message: Parsed): PageMessage | undefined {
  switch (message['type']) {
    case 'filter': {
      const text = filterIn(message['text']);
      return text === undefined ? undefined : { type: 'filter', text };
    }
    case 'window':
      return windowIn(message);
    case 'select':
      return selectIn(message['number']);
    case 'locate': {
      const { request, number } = message;
      return isCount(request) && isCount(number) ? { type: 'locate', request, number } : undefined;
    }
    case 'find':
      return findIn(message);
    case 'complete':
      return completeIn(message);
    case 'colours': {
      const list = message['filters'];
      if (!Array.isArray(list) || list.length > MOST_COLOURS) return undefined;
      const filters = list.map(filterIn).filter((text) => text !== undefined);
      return filters.length === list.length ? { type: 'colours', filters } : undefined;
    }
    case 'watch': {
      const list = message['subjects'];
      const isList = Array.isArray(list) && list.every((each) => subjects.has(each));
      return isList ? { type: 'watch', subjects: [...new Set(list as Subject[])] } : undefined;
    }
    case 'session': {
      const { connection } = message;
      if (connection === undefined) return { type: 'session' };
      return typeof connection === 'string' ? { type: 'session', connection } : undefined;
    }
    case 'pause':
      return typeof message['isPaused'] === 'boolean' ? { type: 'pause', isPaused: message['isPaused'] } : undefined;
    case 'reveal': {
      const { isRevealed } = message;
      return typeof isRevealed === 'boolean' ? { type: 'reveal', isRevealed } : undefined;
    }
    case 'clear':
      return { type: 'clear' };
    default:
      return undefined;
  }
}

function windowIn({ from, count, follow }: Parsed): PageMessage | undefined {
  if (!isCount(from) || !isCount(count)) return undefined;
  return { type: 'window', from, count, follow: follow === true };
}

function selectIn(number: unknown): PageMessage | undefined {
  if (number === undefined) return { type: 'select' };
  return isCount(number) ? { type: 'select', number } : undefined;
}

function findIn({ request, from, step, filter }: Parsed): PageMessage | undefined {
  const text = filterIn(filter);
  if (!isCount(request) || !isCount(from) || (step !== 1 && step !== -1) || text === undefined) return undefined;
  return { type: 'find', request, from, step, filter: text };
}

function completeIn({ request, text, cursor }: Parsed): PageMessage | undefined {
  const filter = filterIn(text);
  if (!isCount(request) || !isCount(cursor) || filter === undefined) return undefined;
  return { type: 'complete', request, text: filter, cursor: Math.min(cursor, filter.length) };
}

function filterIn(text: unknown): string | undefined {
  return typeof text === 'string' && text.length <= MOST_FILTER_CHARACTERS ? text : undefined;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
