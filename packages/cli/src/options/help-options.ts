/** What `omqtt help` takes. */
import { type AnyOption, flag, type Option } from './option.ts';

export const asMarkdown: Option<boolean> = flag('markdown', {
  group: 'output',
  help: 'Write the page of the documentation.',
});
export const asManual: Option<boolean> = flag('man', {
  group: 'output',
  help: 'Write the manual page of the command.',
});

export const helpOptions: readonly AnyOption[] = [asMarkdown, asManual];
