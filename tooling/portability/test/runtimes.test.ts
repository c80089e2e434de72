import { expect, test } from 'vitest';
import { isPromised, type Runtime } from '../src/runtimes.ts';

const node20: Runtime = { engine: 'node', version: '20.20.2', command: ['node'] };

test.each(['>=20', '>=20.19', '>=20.20.2', '>=18.99'])('Node 20.20.2 is promised by %s', (range) => {
  expect(isPromised(node20, { node: range })).toBe(true);
});

test.each(['>=22', '>=20.21', '>=20.20.3'])('Node 20.20.2 is not promised by %s', (range) => {
  expect(isPromised(node20, { node: range })).toBe(false);
});

test('a runtime that engines does not name is not promised', () => {
  expect(isPromised(node20, { bun: '>=1' })).toBe(false);
  expect(isPromised(node20)).toBe(false);
});

test('a range of another form is an error, not a guess', () => {
  expect(() => isPromised(node20, { node: '^20 || ^22' })).toThrow('is not of the form');
});
