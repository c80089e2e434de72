/** The programs in a README, and what they say that they print. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Example {
  /** Of the section it stands in. */
  readonly title: string;
  readonly program: string;
  /** Lines of the kind `// → what is printed`. Never empty: an example that shows nothing is a mistake of its author. */
  readonly promised: readonly string[];
}

/** The first TypeScript of each section; throws if there is none. */
export function readExamples(packageFolder: string): readonly [Example, ...Example[]] {
  const readme = readFileSync(join(packageFolder, 'README.md'), 'utf8');
  const [first, ...others] = readme.split(/^#{1,2} /m).flatMap(exampleOf);
  if (first === undefined) throw new Error(`${packageFolder} has a README without an example`);
  return [first, ...others];
}

function exampleOf(section: string): readonly Example[] {
  const program = /^```ts\n(.*?)^```$/ms.exec(section)?.[1];
  if (program === undefined) return [];
  const title = section.split('\n', 1)[0] ?? '';
  const promised = Array.from(program.matchAll(/^\/\/ → (.*)$/gm), ([, line]) => line ?? '');
  if (promised.length === 0) throw new Error(`the example under "${title}" does not say what it prints`);
  return [{ title, program, promised }];
}
