import { expect, test } from 'vitest';
import { complaintsAboutUs } from '../src/type-consumers.ts';

test('errors in the program and in our declarations count, those in the declarations of others do not', () => {
  const output = [
    'consumer.ts(1,2): error TS2304: a',
    'node_modules/omqtt/dist/index.d.ts(1,2): error TS2304: b',
    'node_modules/@omqtt/core/dist/index.d.ts(1,2): error TS2304: c',
    'node_modules/@types/node/fs.d.ts(1,2): error TS2304: d',
    '../../elsewhere/fast-check/lib/index.d.ts(1,2): error TS2304: e',
    'error TS5023: Unknown compiler option',
    '  a line that explains one above',
  ].join('\n');
  expect(complaintsAboutUs(output).map((line) => line.at(-1))).toEqual(['a', 'b', 'c', 'n']);
});
