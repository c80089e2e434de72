import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const packageFolder = join(import.meta.dirname, '..');
const readme = readFileSync(join(packageFolder, 'README.md'), 'utf8');

test('the example in the README prints what it says', () => {
  const example = /^```ts\n(.*?)^```$/ms.exec(readme)?.[1] ?? '';
  const promised = Array.from(example.matchAll(/^\/\/ → (.*)$/gm), ([, line]) => line);
  expect(promised.length).toBeGreaterThan(0);
  // From standard input and inside the package, so that it imports the package by the name that users write.
  const printed = execFileSync(
    process.execPath,
    ['--conditions=@omqtt/source', '--disable-warning=ExperimentalWarning', '--input-type=module-typescript', '-'],
    { cwd: packageFolder, input: example, encoding: 'utf8' },
  );
  expect(printed.trimEnd().split('\n')).toEqual(promised);
});
