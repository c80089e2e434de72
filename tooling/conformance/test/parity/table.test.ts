import { describe, expect, test } from 'vitest';

import { parityDocument } from '../../src/parity/document.ts';
import { parseParityRows } from '../../src/parity/rows.ts';
import { computeParity, type ParityTable } from '../../src/parity/table.ts';

const path = 'packages/core/test/client/a.test.ts';

function parityOf(source: string, rows: readonly object[] = [{ id: 'O1', what: 'It works.' }]): ParityTable {
  return computeParity(parseParityRows(JSON.stringify(rows)), [{ path, source }]);
}

describe('a row', () => {
  test('has the tests that name it, with the titles around them', () => {
    const { rows, problems } = parityOf("describe('it', () => { test('works [parity O1]', f); });");
    expect(problems).toEqual([]);
    expect(rows[0]?.tests).toEqual([{ file: path, name: 'it: works' }]);
  });

  test('without a test is a problem', () => {
    expect(parityOf("test('works', f);").problems).toEqual(['O1 has no test: It works.']);
  });

  test('without a test may give a reason', () => {
    expect(parityOf('', [{ id: 'O1', what: 'It works.', open: 'later' }]).problems).toEqual([]);
  });
});

test.each([
  ["test('works [parity O2]', f);", 'There is no row O2.'],
  ["test('works [parity o1]', f);", 'cannot be read'],
  ["test.skip('works [parity O1]', f);", 'does not run'],
  ["test('works [parity O1]', 'f);", 'are not known'],
])('%s is a problem that says where', (source, message) => {
  const [problem] = parityOf(source).problems;
  expect(problem).toContain(message);
  expect(problem).toContain(`${path}:1 `);
});

test('the document tells what is shown, by which test, and why something is open', () => {
  const text = parityDocument(
    parityOf("test('`it` works_ [parity O1, Z1]', f);", [
      { id: 'O1', what: 'It works.' },
      { id: 'O2', what: 'It lasts.', open: 'needs time.' },
      { id: 'Z1', what: 'It does both.', open: 'one half is missing.' },
    ]),
  );
  expect(text).toContain('1 of 3 rows are shown; 2 are open, with the reason.');
  expect(text).toContain(`- **O1** It works.\n  - [core: client/a](../${path}) \\\`it\\\` works\\_\n`);
  expect(text).toContain('- **O2** It lasts.\n  - open: needs time.\n');
  expect(text).toContain('- **Z1** It does both.\n  - open in part: one half is missing.\n  - [core');
});
