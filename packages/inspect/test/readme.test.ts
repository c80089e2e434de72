import { join } from 'node:path';
import { readExamples, runExample } from '@omqtt/readme-examples';
import { expect, test } from 'vitest';

const folder = join(import.meta.dirname, '..');

test('the example in the README prints what it says', async () => {
  const [{ program, promised }] = readExamples(folder);
  expect(await runExample(program, { folder })).toEqual(promised);
});
