import { groups, type Group } from './rows.ts';
import type { NamedTest, ParityTable, ShownRow } from './table.ts';

const headings: Readonly<Record<Group, string>> = {
  O: 'What ohmqtt 1.1 does (MQTT 5.0, Python)',
  Z: 'What zMQTT 0.1 does (3.1.1 and 5.0, Python)',
  M: 'What the clients of OpenMV and umqtt do (3.1.1, MicroPython)',
  E: 'Behaviour at the edges',
  B: 'Defects that must not come back',
  P: 'What a client in JavaScript must keep to',
};

/** The table as Markdown, from a folder one below the root. */
export function parityDocument({ rows }: ParityTable): string {
  const open = rows.filter((row) => row.open !== undefined);
  const sections = groups.map((group) => section(group, rows));
  const intro = [
    'What other clients do and this one must do as well, each row with the tests that show it.',
    `${rows.length - open.length} of ${rows.length} rows are shown; ${open.length} are open, with the reason.`,
    'Written by `npm run parity` from the titles of the tests and `tooling/conformance/parity.json`; do not edit it.',
  ];
  return `# Parity\n\n${intro.join('\n')}\n\n${sections.join('\n\n')}\n`;
}

function section(group: Group, rows: readonly ShownRow[]): string {
  const own = rows.filter((row) => row.group === group);
  const shown = own.filter((row) => row.open === undefined).length;
  return `## ${headings[group]}\n\n${shown} of ${own.length} are shown.\n\n${own.map(entry).join('\n')}`;
}

// A list instead of a table: a test that is renamed changes its own line, and not the width of all others.
function entry({ id, what, open, tests }: ShownRow): string {
  const reason = open === undefined ? [] : [`  - ${tests.length === 0 ? 'open' : 'open in part'}: ${open}`];
  return [`- **${id}** ${what}`, ...reason, ...tests.map(testLine)].join('\n');
}

function testLine({ file, name }: NamedTest): string {
  return `  - [${file.replace(/^\w+\/([\w-]+)\/test\//, '$1: ').replace(/\.test\.ts$/, '')}](../${file}) ${escape(name)}`;
}

function escape(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>$|]/g, String.raw`\$&`);
}
