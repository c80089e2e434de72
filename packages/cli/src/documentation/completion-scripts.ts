/** Completion for three shells. Choices are completed, and files where a file is wanted. */
import type { Command } from '../command.ts';
import type { AnyOption } from '../options/option.ts';

export function bashCompletion(commands: readonly Command[]): string {
  const cases = commands.map(({ name, options, actions = [] }) => {
    const words = options.flatMap((option) => wordsOf(option));
    return `    ${name}) words='${[...actions, ...words].join(' ')}' ;;`;
  });
  const choices = choicesOf(commands).map(
    ([words, values]) =>
      `    ${words.join('|')}) COMPREPLY=($(compgen -W '${values.join(' ')}' -- "$current")); return ;;`,
  );
  return `# omqtt completion bash > ~/.local/share/bash-completion/completions/omqtt
_omqtt() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} words=''
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${commands.map(({ name }) => name).join(' ')}' -- "$current"))
    return
  fi
  case "$previous" in
${choices.join('\n')}
    ${fileWords(commands).join('|')}) COMPREPLY=($(compgen -f -- "$current")); return ;;
  esac
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _omqtt omqtt
`;
}

export function zshCompletion(commands: readonly Command[]): string {
  const cases = commands.map(({ name, options }) => {
    const specs = options.map((option) => `      ${zshSpec(option)}`);
    return `    ${name}) _arguments \\\n${[...specs, "      '*:word:'"].join(' \\\n')} ;;`;
  });
  const names = commands.map(({ name, summary }) => `    '${name}:${quoted(summary)}'`);
  return `#compdef omqtt
_omqtt() {
  local -a names
  names=(
${names.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe 'command' names
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join('\n')}
  esac
}
compdef _omqtt omqtt
`;
}

export function fishCompletion(commands: readonly Command[]): string {
  const lines = commands.flatMap(({ name, summary, options, actions = [] }) => [
    `complete -c omqtt -n __fish_use_subcommand -f -a ${name} -d '${quoted(summary)}'`,
    ...actions.map((action) => `complete -c omqtt -n '__fish_seen_subcommand_from ${name}' -f -a ${action}`),
    ...options.map((option) => fishLine(name, option)),
  ]);
  return `${lines.join('\n')}\n`;
}

function fishLine(command: string, { name, letter, help, takes, choices, valueName }: AnyOption): string {
  return [
    `complete -c omqtt -n '__fish_seen_subcommand_from ${command}' -l ${name}`,
    ...(letter === undefined ? [] : [`-s ${letter}`]),
    ...(takes === 0 ? ['-f'] : ['-r']),
    ...(choices.length > 0 ? [`-f -a '${choices.join(' ')}'`] : []),
    ...(takes !== 0 && choices.length === 0 && !isFile(valueName) ? ['-f'] : []),
    `-d '${quoted(help)}'`,
  ].join(' ');
}

function zshSpec({ name, letter, help, takes, choices, valueName, repeats }: AnyOption): string {
  const value = choices.length > 0 ? `:value:(${choices.join(' ')})` : `:value:${isFile(valueName) ? '_files' : ''}`;
  const words = letter === undefined ? `--${name}` : `{-${letter},--${name}}`;
  const star = repeats ? "'*'" : '';
  return `${star}${words}'[${quoted(help).replaceAll(/[[\]:]/g, ' ')}]${takes === 0 ? '' : value}'`;
}

function wordsOf({ name, letter }: AnyOption): readonly string[] {
  return letter === undefined ? [`--${name}`] : [`--${name}`, `-${letter}`];
}

function isFile(valueName: string): boolean {
  return valueName === 'FILE' || valueName === 'FOLDER';
}

function fileWords(commands: readonly Command[]): readonly string[] {
  const options = commands.flatMap((command) => command.options.filter(({ valueName }) => isFile(valueName)));
  return [...new Set(options.flatMap(({ name }) => [`--${name}`]))];
}

function choicesOf(commands: readonly Command[]): (readonly [readonly string[], readonly string[]])[] {
  const found = new Map<string, readonly string[]>();
  for (const { options } of commands) {
    for (const { name, choices } of options) if (choices.length > 0) found.set(`--${name}`, choices);
  }
  return Array.from(found, ([word, choices]) => [[word], choices] as const);
}

function quoted(text: string): string {
  return text.replaceAll("'", '’');
}
