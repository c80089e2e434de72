import { expect, test } from 'vitest';
import { entriesOf } from '../src/entries.ts';

test('the entries are what exports promise, whatever the condition, once each', () => {
  const exports = {
    '.': { types: './dist/index.d.ts', default: './dist/index.js' },
    './more': { node: { default: './dist/index.js' }, default: './dist/more/index.js' },
  };
  expect(entriesOf(exports)).toEqual({ index: 'src/index.ts', 'more/index': 'src/more/index.ts' });
});

test('what points to a source is no entry', () => {
  const imports = { '#dial': { '@omqtt/source': './src/a.ts', node: './dist/node.js', default: './dist/web.js' } };
  expect(entriesOf(imports)).toEqual({ node: 'src/node.ts', web: 'src/web.ts' });
});

test('without exports there are no entries', () => {
  expect(entriesOf(undefined)).toEqual({});
});
