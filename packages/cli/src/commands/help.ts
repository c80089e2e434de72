/** `omqtt help`: all from the tables that also parse. */
import { UsageError } from '../cli-error.ts';
import type { Command, Task } from '../command.ts';
import { commands } from '../command-table.ts';
import { exitCodeMeanings, exitCodes } from '../exit-codes.ts';
import type { AnyOption, OptionGroup } from '../options/option.ts';
import { nearest } from '../options/nearest.ts';
import { helpTopics } from '../documentation/help-topics.ts';
import { manualPage, markdownPage } from '../documentation/markdown-page.ts';
import { asManual, asMarkdown } from '../options/help-options.ts';
import { wrap } from '../documentation/wrap.ts';

export function run({ io, words, settings }: Task): Promise<number> {
  const [wanted] = words;
  if (settings.get(asMarkdown) === true || settings.get(asManual) === true) {
    io.out.write(settings.get(asMarkdown) === true ? markdownPage(commands) : manual(wanted));
    return Promise.resolve(exitCodes.done);
  }
  const columns = Math.min(100, Math.max(40, io.out.columns));
  io.out.write(`${wanted === undefined ? overview(columns) : page(wanted, columns)}\n`);
  return Promise.resolve(exitCodes.done);
}

function manual(wanted: string | undefined): string {
  const command = commands.find(({ name }) => name === wanted);
  if (command === undefined) throw new UsageError('a manual page is that of a command: omqtt help pub --man');
  return manualPage(command);
}

function overview(columns: number): string {
  const rows = commands.map(({ name, summary }) => wrap(`  ${name.padEnd(11)} `, summary, columns));
  return [
    'omqtt: MQTT 5.0 and 3.1.1 on the command line',
    '',
    'usage: omqtt COMMAND [options]',
    '',
    ...rows,
    '',
    wrap(
      '',
      'omqtt help COMMAND shows its options. Each option can also be set as a variable, such as OMQTT_HOST.',
      columns,
    ),
  ].join('\n');
}

function page(wanted: string, columns: number): string {
  const command = commands.find(({ name }) => name === wanted);
  if (command !== undefined) return commandPage(command, columns);
  if (wanted === 'exit-codes') return exitCodePage(columns);
  const topic = helpTopics[wanted];
  if (topic !== undefined) return topic;
  const names = [...commands.map(({ name }) => name), 'exit-codes', ...Object.keys(helpTopics)];
  const close = nearest(wanted, names);
  throw new UsageError(
    `there is no help for ${JSON.stringify(wanted)}: ${close === undefined ? names.join(', ') : `did you mean ${close}?`}`,
  );
}

const groupTitles: Readonly<Record<OptionGroup, string>> = {
  message: 'Message',
  input: 'Input',
  output: 'Output',
  limits: 'When to stop, and what to pick',
  connection: 'Connection',
  session: 'Session',
  security: 'Security',
  will: 'Will',
  general: 'General',
};

function commandPage({ name, usage, summary, options, actions }: Command, columns: number): string {
  const groups = (Object.keys(groupTitles) as OptionGroup[]).flatMap((group) => {
    const own = options.filter((option) => option.group === group);
    if (own.length === 0) return [];
    return ['', `${groupTitles[group]}:`, ...own.map((option) => optionLine(option, columns))];
  });
  return [
    `omqtt ${name}: ${summary}`,
    '',
    `usage: omqtt ${name} ${usage}${usage === '' ? '' : ' '}[options]`,
    ...(actions === undefined ? [] : [`       ${usage.split(' ')[0]} is one of ${actions.join(', ')}`]),
    ...groups,
  ].join('\n');
}

function optionLine(option: AnyOption, columns: number): string {
  const letter = option.letter === undefined ? '    ' : `-${option.letter}, `;
  const value = { 0: '', 1: ` ${option.valueName}`, 3: ` ${option.valueName}`, optional: ` [${option.valueName}]` };
  const head = `  ${letter}--${option.name}${value[option.takes]}`;
  return wrap(head.length < 30 ? `${head.padEnd(30)} ` : `${head}\n${' '.repeat(31)}`, option.help, columns);
}

function exitCodePage(columns: number): string {
  const rows = Object.entries(exitCodeMeanings).map(([code, meaning]) =>
    wrap(`  ${code.padStart(3)}  `, meaning, columns),
  );
  return [
    'Exit codes:',
    '',
    ...rows,
    '',
    'With --json the error is one line of JSON on standard error, with the reason code of MQTT.',
  ].join('\n');
}
