import { expect, test } from 'vitest';
import { findLeftOutTests } from '../src/left-out-tests.ts';
import { inWorkspace } from './temporary-workspace.ts';

function problemsOf(line: string): string[] {
  return inWorkspace({ 'packages/codec/test/deep/a.test.ts': `\n${line}` }, findLeftOutTests);
}

test.each([
  ["test.skip('a', () => {});", 'test.skip'],
  ["describe.only('a', () => {});", 'describe.only'],
  ["it.todo('a');", 'it.todo'],
  ["test.concurrent.skip.each([1])('a', () => {});", 'test.concurrent.skip'],
  ["test('a', (context) => context.skip());", 'context.skip'],
  ["xit('a', () => {});", "xit('a', () => {})"],
])('%s is reported with its place', (line, culprit) => {
  expect(problemsOf(line)).toEqual([`packages/codec/test/deep/a.test.ts:2: ${culprit} leaves a test out`]);
});

test.each([
  "test.skipIf(peer.isMissing)('a', () => {});",
  "test('only what was asked for', () => {});",
  'const text = "test.skip(1)"; // test.only',
])('%s runs when it can', (line) => {
  expect(problemsOf(line)).toEqual([]);
});
