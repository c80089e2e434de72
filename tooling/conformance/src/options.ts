import { parseArgs } from 'node:util';

import { sides } from './side.ts';
import type { Side } from './side.ts';
import { layers } from './requirement.ts';
import type { Layer } from './requirement.ts';
import { kinds, versions } from './statement.ts';
import type { Kind, Version } from './statement.ts';

export const help: string = `Which statements of the MQTT standards do tests name?

  --list open|covered   list statements of one side, with gist and test idea or tests
  --version 5.0|3.1.1   show this version only
  --kind KIND           show this kind only: ${kinds.join(', ')}
  --side client|server  the side that --list shows (default: client)
  --require LAYER       fail when a client statement of this layer is open: ${layers.join(', ')}
  --json                print everything as JSON instead of text
  --markdown FILE       write a table from statement to tests as well
  --help                print this

A test names statements in its title or in that of a describe around it:
  test('[5.0 MQTT-1.5.4-1, MQTT-1.5.4-2] [3.1.1 MQTT-1.5.3-1] a string is valid UTF-8', …)
`;

export interface Options {
  readonly list: 'open' | 'covered' | undefined;
  readonly version: Version | undefined;
  readonly kind: Kind | undefined;
  readonly side: Side;
  readonly require: readonly Layer[];
  readonly json: boolean;
  readonly markdown: string | undefined;
  readonly help: boolean;
}

export class UsageError extends Error {
  override readonly name: string = 'UsageError';
}

export function parseOptions(args: readonly string[]): Options {
  const values = parseValues(args);
  return {
    list: choose('list', values.list, ['open', 'covered']),
    version: choose('version', values.version, versions),
    kind: choose('kind', values.kind, kinds),
    side: choose('side', values.side, sides) ?? 'client',
    require: (values.require ?? []).flatMap((layer) => choose('require', layer, layers) ?? []),
    json: values.json ?? false,
    markdown: values.markdown,
    help: values.help ?? false,
  };
}

interface Values {
  readonly list?: string | undefined;
  readonly version?: string | undefined;
  readonly kind?: string | undefined;
  readonly side?: string | undefined;
  readonly require?: string[] | undefined;
  readonly json?: boolean | undefined;
  readonly markdown?: string | undefined;
  readonly help?: boolean | undefined;
}

function parseValues(args: readonly string[]): Values {
  try {
    return parseArgs({
      // `pnpm report -- --json` hands the separator on.
      args: args.filter((argument) => argument !== '--'),
      options: {
        list: { type: 'string' },
        version: { type: 'string' },
        kind: { type: 'string' },
        side: { type: 'string' },
        require: { type: 'string', multiple: true },
        json: { type: 'boolean' },
        markdown: { type: 'string' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function choose<const Choice extends string>(
  name: string,
  value: string | undefined,
  choices: readonly Choice[],
): Choice | undefined {
  if (value === undefined) return undefined;
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  throw new UsageError(`--${name} takes ${choices.join(', ')}, not ${value}.`);
}
