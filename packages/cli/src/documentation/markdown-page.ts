/** The page of the documentation, and the manual page: all options of all commands. */
import type { Command } from '../command.ts';
import { exitCodeMeanings } from '../exit-codes.ts';
import type { AnyOption } from '../options/option.ts';
import { variableOf } from '../options/settings.ts';

export function markdownPage(commands: readonly Command[]): string {
  const shared = sharedOptions(commands);
  const parts = commands.map(({ name, usage, summary, options, actions }) => {
    const own = options.filter((option) => !shared.includes(option));
    const verbs =
      actions === undefined ? '' : `\n\nThe first word is ${actions.map((word) => `\`${word}\``).join(', ')}.`;
    const others = own.length < options.length ? '\n\nAnd the options of all commands that connect.' : '';
    const table = own.length === 0 ? '' : `\n\n${optionTable(own)}`;
    return `## omqtt ${name} ${usage}`.trimEnd() + `\n\n${capital(summary)}.${verbs}${table}${others}`;
  });
  const codes = Object.entries(exitCodeMeanings).map(([code, meaning]) => `| ${code} | ${meaning} |`);
  return [
    '# omqtt\n\nWritten by `omqtt help --markdown`, from the table that also parses the command line.',
    `## Exit codes\n\n| code | meaning |\n| --- | --- |\n${codes.join('\n')}`,
    ...parts,
    `## Options of all commands that connect\n\n${optionTable(shared)}`,
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}

/** A manual page in roff. */
export function manualPage({ name, usage, summary, options }: Command): string {
  const rows = options.flatMap((option) => [`.TP`, `.B ${roff(headOf(option))}`, roff(option.help)]);
  return [
    `.TH OMQTT-${name.toUpperCase()} 1`,
    '.SH NAME',
    `omqtt-${name} \\- ${roff(summary)}`,
    '.SH SYNOPSIS',
    `.B omqtt ${name}`,
    roff(`${usage} [options]`.trim()),
    '.SH OPTIONS',
    ...rows,
    '.SH EXIT STATUS',
    ...Object.entries(exitCodeMeanings).flatMap(([code, meaning]) => ['.TP', `.B ${code}`, roff(meaning)]),
    '',
  ].join('\n');
}

/** What most commands take is said once. */
function sharedOptions(commands: readonly Command[]): readonly AnyOption[] {
  const all = [...new Set(commands.flatMap(({ options }) => options))];
  const isShared = (option: AnyOption): boolean =>
    commands.filter(({ options }) => options.includes(option)).length > commands.length / 3;
  return all.filter(isShared);
}

function optionTable(options: readonly AnyOption[]): string {
  const rows = options.map(
    (option) =>
      `| \`${headOf(option).replaceAll('|', '\\|')}\` | \`${variableOf(option)}\` | ${option.help.replaceAll('|', '\\|')} |`,
  );
  return `| option | variable | meaning |\n| --- | --- | --- |\n${rows.join('\n')}`;
}

function headOf({ name, letter, takes, valueName }: AnyOption): string {
  const value = takes === 0 ? '' : takes === 'optional' ? ` [${valueName}]` : ` ${valueName}`;
  return `${letter === undefined ? '' : `-${letter}, `}--${name}${value}`;
}

function capital(text: string): string {
  return `${(text[0] ?? '').toUpperCase()}${text.slice(1)}`;
}

function roff(text: string): string {
  return text.replaceAll('\\', '\\e').replaceAll('-', '\\-').replace(/^[.']/, '\\&$&');
}
