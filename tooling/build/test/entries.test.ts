import { expect, test } from 'vitest';
import { entriesOf } from '../src/entries.ts';

test('the entries are what exports and imports promise, whatever the condition, once each', () => {
  const manifest = {
    imports: {
      '#dial': {
        '@omqtt/source': './src/a.ts',
        node: './dist/dial/node.js',
        default: { default: './dist/dial/web.js' },
      },
    },
    publishConfig: {
      exports: {
        '.': { types: './dist/index.d.ts', default: './dist/index.js' },
        './more': { node: { default: './dist/index.js' }, default: './dist/more/index.js' },
      },
    },
  };
  expect(entriesOf(manifest)).toEqual({
    index: 'src/index.ts',
    'more/index': 'src/more/index.ts',
    'dial/node': 'src/dial/node.ts',
    'dial/web': 'src/dial/web.ts',
  });
});

test('a package without exports has no entries', () => {
  expect(entriesOf({})).toEqual({});
});
