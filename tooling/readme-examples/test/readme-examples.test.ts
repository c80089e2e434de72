import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readExamples, runExample } from '../src/index.ts';

function packageWith(readme: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'omqtt-readme-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'README.md'), readme);
  return folder;
}

const first = '```ts\nconst sum: number = 1 + 1;\nconsole.log(sum, process.env.WHO);\n// → 2 me\n```\n';
const second = '```ts\nconsole.log("b");\n// → b\n```\n\n```ts\nnobody("runs the second one of a section");\n```\n';

test('every section has its example, and what it promises', () => {
  const examples = readExamples(packageWith(`# One\n\n${first}\n## Two\n\ntext\n\n## Three\n\n${second}`));
  expect(examples.map(({ title, promised }) => [title, promised])).toEqual([
    ['One', ['2 me']],
    ['Three', ['b']],
  ]);
});

test('a README without an example is refused, and so is an example that promises nothing', () => {
  expect(() => readExamples(packageWith('# One\n'))).toThrow('a README without an example');
  expect(() => readExamples(packageWith('# One\n\n```ts\nrun();\n```\n'))).toThrow(
    'the example under "One" does not say what it prints',
  );
});

test('an example runs in its folder with its environment, and what it prints comes back by line', async () => {
  const folder = packageWith(`# One\n\n${first}`);
  const [{ program, promised }] = readExamples(folder);
  expect(await runExample(program, { folder, environment: { WHO: 'me' } })).toEqual(promised);
});
