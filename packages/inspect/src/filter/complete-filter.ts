/** What could stand where somebody types. */
import { propertyTable } from '@omqtt/codec';
import { rules } from '../lint/rule.ts';
import { filterFields, filterFlags } from './filter-fields.ts';

export interface FilterCompletion {
  /** The part of the text that an option replaces. */
  readonly start: number;
  readonly end: number;
  readonly options: readonly CompletionOption[];
}

export interface CompletionOption {
  readonly text: string;
  readonly summary: string;
}

const MOST_OPTIONS = 50;

/** `cursor` is an index into the text. */
export function completeFilter(text: string, cursor: number): FilterCompletion {
  const before = text.slice(0, cursor);
  const word = /[^\s()]*$/.exec(before)?.[0].replace(/^-/, '') ?? '';
  const [, field, typed = ''] = /^([\w.$-]+)(?::|=|!=)(.*)$/.exec(word) ?? [];
  const part = field === undefined ? word : typed;
  const start = cursor - part.length;
  const rest = /^[^\s()]*/.exec(text.slice(cursor))?.[0] ?? '';
  const wanted = part.toLowerCase();
  const options = (field === undefined ? fieldOptions() : valueOptions(field)).filter((option) =>
    option.text.toLowerCase().startsWith(wanted),
  );
  return { start, end: cursor + rest.length, options: options.slice(0, MOST_OPTIONS) };
}

function fieldOptions(): CompletionOption[] {
  return [
    ...Object.entries(filterFields).map(([name, { summary, kind }]) => ({
      text: ['word', 'text', 'topic'].includes(kind) ? `${name}:` : name,
      summary,
    })),
    { text: 'is:', summary: `a state: ${Object.keys(filterFlags).slice(0, 4).join(', ')}, …` },
    { text: 'has:', summary: 'the packet has this field' },
    { text: 'payload:', summary: 'text in the payload' },
    { text: 'payload.json.', summary: 'a member of a JSON payload' },
    { text: 'user.', summary: 'a user property, by its name' },
    { text: 'bytes:', summary: 'bytes in hex, ?? for any' },
    ...propertyTable.map(({ name }) => ({ text: `prop.${name}`, summary: 'a property of 5.0' })),
    ...['and', 'or', 'not'].map((text) => ({ text, summary: 'joins terms' })),
  ];
}

function valueOptions(field: string): CompletionOption[] {
  if (field === 'is') return Object.keys(filterFlags).map((text) => ({ text, summary: 'state' }));
  if (field === 'has') return Object.entries(filterFields).map(([text, { summary }]) => ({ text, summary }));
  if (field === 'lint') return lintOptions();
  const words = (Object.hasOwn(filterFields, field) ? filterFields[field]?.words : undefined) ?? [];
  return words.map((text) => ({ text, summary: field }));
}

function lintOptions(): CompletionOption[] {
  const messages = new Map(rules.flatMap(({ ids, message }) => ids['5.0'].map((id) => [id, message] as const)));
  return Array.from(messages, ([text, summary]) => ({ text: text.includes(' ') ? `"${text}"` : text, summary }));
}
