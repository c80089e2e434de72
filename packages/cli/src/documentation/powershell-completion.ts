/** Completion for PowerShell 5 and later: commands, actions, options, and the values of options that have a few. */
import type { Command } from '../command.ts';

export function powershellCompletion(commands: readonly Command[]): string {
  const rows = commands.map(({ name, options, actions = [] }) => {
    const words = options.flatMap(({ name: long, letter }) => [
      `--${long}`,
      ...(letter === undefined ? [] : [`-${letter}`]),
    ]);
    return `    '${name}' = ${listOf([...actions, ...words])}`;
  });
  const choices = new Map<string, readonly string[]>();
  for (const { options } of commands) {
    for (const { name, choices: values } of options) if (values.length > 0) choices.set(`--${name}`, values);
  }
  return `# omqtt completion pwsh >> $PROFILE
Register-ArgumentCompleter -Native -CommandName omqtt -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  # Names of options differ by the case of a letter.
  $commands = [System.Collections.Hashtable]::new([System.StringComparer]::Ordinal)
  $choices = [System.Collections.Hashtable]::new([System.StringComparer]::Ordinal)
  @{
${rows.join('\n')}
  }.GetEnumerator() | ForEach-Object { $commands[$_.Key] = $_.Value }
  @{
${[...choices].map(([name, values]) => `    '${name}' = ${listOf(values)}`).join('\n')}
  }.GetEnumerator() | ForEach-Object { $choices[$_.Key] = $_.Value }
  $words = @($commandAst.CommandElements | ForEach-Object { $_.ToString() })
  if ($wordToComplete -ne '') { $words = @($words | Select-Object -SkipLast 1) }
  $candidates = if ($words.Count -le 1) { $commands.Keys | Sort-Object }
    elseif ($choices.ContainsKey($words[-1])) { $choices[$words[-1]] }
    elseif ($commands.ContainsKey($words[1])) { $commands[$words[1]] }
  $candidates | Where-Object { $_.StartsWith($wordToComplete, [System.StringComparison]::Ordinal) } |
    ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
}
`;
}

function listOf(words: readonly string[]): string {
  return `@(${words.map((word) => `'${word.replaceAll("'", "''")}'`).join(', ')})`;
}
