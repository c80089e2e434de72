/**
 * What messages match: `topic:a/+ and payload.json.temp>20 and -is:retain`, in the filter language of the inspector, so that
 * a line that was tried there works here. Understood before the first message.
 */
import type { Filter } from '@omqtt/inspect';
import { UsageError } from '../cli-error.ts';
import type { Task } from '../command.ts';
import type { AnyOption, Option } from '../options/option.ts';
import { packetBytes, type ReceivedMessage } from '../output/received-message.ts';

export type Test = (message: ReceivedMessage) => boolean;

/** The expression of an option, when it was given. Throws a `UsageError` that marks the place of a mistake. */
export async function expressionOf({ settings }: Task, option: Option<string>): Promise<Test | undefined> {
  const text = settings.get(option);
  if (text === undefined) return undefined;
  if (text.trim() === '') throw new UsageError(`--${option.name} is empty: write such as topic:a/+ or payload=on`);
  // Loaded here: most commands have no expression.
  const { compileFilter } = await import('@omqtt/inspect');
  const matches = compileWith(compileFilter, text, option);
  let number = 0;
  return (message) => {
    number += 1;
    return matches(recordOf(message, number));
  };
}

type Matches = NonNullable<Filter['matches']>;

/** Throws a `UsageError` that marks the place. */
export function compileWith(compileFilter: (text: string) => Filter, text: string, option: AnyOption): Matches {
  const { matches, problems } = compileFilter(text);
  const [problem] = problems;
  if (matches !== undefined && problem === undefined) return matches;
  const mark = `${' '.repeat(problem?.start ?? 0)}^`;
  throw new UsageError(
    `--${option.name}: ${problem?.message ?? ''}\n  ${text}\n  ${mark}\n  see omqtt help expressions`,
  );
}

/** The record that the inspector would have of the message. */
function recordOf(message: ReceivedMessage, number: number): Parameters<Matches>[0] {
  const { topic, payload, qos, retain, dup, properties, at } = message;
  let bytes: Uint8Array | undefined;
  return {
    number,
    connection: 'broker',
    direction: 's2c',
    at,
    version: '5.0',
    type: 'publish',
    packet: { type: 'publish', topic, payload, qos, retain, dup, properties },
    // Hardly any expression looks at them.
    get bytes() {
      bytes ??= packetBytes(message);
      return bytes;
    },
    get size() {
      return this.bytes.length;
    },
    clientId: undefined,
    topic,
    pair: undefined,
    request: undefined,
    findings: [],
    marks: [],
  };
}
