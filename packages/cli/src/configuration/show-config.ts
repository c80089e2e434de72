/** `--show-config`: what holds, and where it comes from. Secrets are masked. */
import type { Io } from '../io.ts';
import { ASKED_FOR } from '../options/parse-arguments.ts';
import type { AnyOption } from '../options/option.ts';
import type { Settings } from '../options/settings.ts';
import { escapeLine } from '../output/terminal-text.ts';

export function showConfig({ out }: Io, settings: Settings, options: readonly AnyOption[]): void {
  for (const option of options) {
    const source = settings.sourceOf(option);
    if (source === undefined || option.name === 'show-config') continue;
    out.line(escapeLine(`${option.name.padEnd(24)} ${shown(option, source.texts).padEnd(30)} ${source.name}`));
  }
}

function shown({ isSecret, name }: AnyOption, texts: readonly string[]): string {
  if (isSecret) return texts.includes(ASKED_FOR) ? '(asked for)' : '***';
  const all = texts.join(' ');
  return name === 'url' ? all.replace(/(:\/\/[^/:@]*):[^/@]*@/, '$1:***@') : all || 'true';
}
