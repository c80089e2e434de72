import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { resolveOptions, type BrokerOptions } from '../src/broker-options.ts';

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
const example = /^```ts\n(.*?)^```$/ms.exec(readme)?.[1] ?? '';

test('the test in the README is the one that runs here', () => {
  const own = readFileSync(join(import.meta.dirname, 'readme-example.test.ts'), 'utf8');
  expect(example).toContain('startBroker()');
  expect(own).toBe(example);
});

test('the table of the README has every option', () => {
  const table = /^\| Option.*?\n\n/ms.exec(readme)?.[0] ?? '';
  const named = Array.from(table.matchAll(/^\| `(\w+)`/gm), ([, name]) => name ?? '');
  for (const name of named) expect(() => resolveOptions({ [name as keyof BrokerOptions]: undefined })).not.toThrow();
  expect(named.toSorted()).toEqual([
    'authenticate',
    'authorize',
    'clock',
    'limits',
    'listeners',
    'logger',
    'mechanisms',
    'onError',
    'sysIntervalSeconds',
  ]);
});
