import { expect, test } from 'vitest';
import { atBroker, examplesOf } from '../src/readme-examples.ts';

const fence = '```';

test('an example is what it promises to print, or a test, or a sketch', () => {
  const page = [
    `${fence}ts\nconsole.log(1);\n// → 1\n${fence}`,
    `${fence}ts\nimport { test } from 'vitest';\n${fence}`,
    `${fence}ts\nimport { test } from 'node:test';\n${fence}`,
    `${fence}ts\nawait later();\n${fence}`,
    `${fence}sh\nnpm start\n${fence}`,
  ].join('\n\n');
  const examples = examplesOf('README.md', page);
  expect(examples.map(({ name, kind }) => [name, kind])).toEqual([
    ['README.md, example 1', 'program'],
    ['README.md, example 2', 'test'],
    ['README.md, example 3', 'node-test'],
    ['README.md, example 4', 'sketch'],
  ]);
  expect(examples[0]?.promised).toEqual(['1']);
});

test('an example meets the broker of the rehearsal where it says localhost', () => {
  const addresses = { mqtt: 'mqtt://127.0.0.1:1', mqtts: 'mqtts://localhost:2', ws: 'ws://127.0.0.1:3/mqtt' };
  const program =
    "connect('mqtt://localhost'); connect('ws://localhost/mqtt'); dial({ host: 'localhost', port: 1883 });";
  expect(atBroker(program, addresses)).toBe(
    "connect('mqtt://127.0.0.1:1'); connect('ws://127.0.0.1:3/mqtt'); dial({ host: '127.0.0.1', port: 1 });",
  );
});
