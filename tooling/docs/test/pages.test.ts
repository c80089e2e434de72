import { spawnSync } from 'node:child_process';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startExampleBroker } from './example-broker.ts';
import { emptyFolder, promisedLines, runProgram } from './program.ts';

const root = join(import.meta.dirname, '../../..');
const pages = ['README.md', ...globSync('docs/guide/*.md', { cwd: root }).toSorted()];

interface Block {
  /** Where it stands, such as `docs/guide/scale.md, block 1`. */
  readonly place: string;
  readonly program: string;
}

const blocks: readonly Block[] = pages.flatMap((page) =>
  Array.from(readFileSync(join(root, page), 'utf8').matchAll(/^```ts\n(.*?)^```$/gms), ([, program = ''], index) => ({
    place: `${page}, block ${index + 1}`,
    program,
  })),
);
const printing = blocks.filter(({ program }) => promisedLines(program).length > 0);
const testing = blocks.filter(({ program }) => program.includes("from 'node:test'"));

describe('a program on a page', () => {
  test.concurrent.for(printing)('$place prints what it says', { timeout: 60_000 }, async ({ program }, context) => {
    const folder = emptyFolder(context.onTestFinished);
    // Of its own: programs of different pages may have the same client id.
    await using broker = await startExampleBroker();
    const file = join(folder, 'program.ts');
    writeFileSync(file, program.replaceAll('mqtt://localhost', broker.url));
    expect(await runProgram(file, { folder, environment: {} })).toEqual(promisedLines(program));
  });

  test.concurrent.for(testing)('$place is a test that passes', { timeout: 60_000 }, async ({ program }, context) => {
    const folder = emptyFolder(context.onTestFinished);
    const file = join(folder, 'program.ts');
    writeFileSync(file, program);
    // A failed test is a failed program.
    expect((await runProgram(file, { folder, environment: {} })).join('\n')).toMatch(/pass [1-9]/);
  });
});

test('all programs on all pages compile as they stand', () => {
  expect(blocks.length).toBeGreaterThan(pages.length);
  const folder = emptyFolder(onTestFinished);
  for (const [index, { place, program }] of blocks.entries()) {
    writeFileSync(join(folder, `block-${index}.ts`), `// ${place}\n${program}`);
  }
  const config = {
    extends: '../../tsconfig.json',
    // A reader's function may do without the type that an exported one of ours has to have.
    compilerOptions: { noUnusedLocals: false, rootDir: '../../..' },
    include: ['.'],
    exclude: [],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const { stdout } = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8' });
  expect(stdout).toBe('');
});
