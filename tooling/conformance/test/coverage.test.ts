import { describe, expect, test } from 'vitest';

import type { Citation } from '../src/citations.ts';
import { computeCoverage } from '../src/coverage.ts';
import { parseExceptions } from '../src/exceptions.ts';
import { openRows, selectRequirement } from '../src/requirement.ts';
import type { Side } from '../src/side.ts';
import { indexStatements } from '../src/statement-lists.ts';
import type { Statement } from '../src/statement.ts';

const base: Statement = {
  version: '5.0',
  id: 'X-1',
  otherIds: [],
  section: '1',
  binds: 'both',
  role: 'obligation',
  check: 'codec-encode',
  alsoCheck: [],
  gist: 'A gist.',
  test: 'An idea.',
  clientReaction: undefined,
  twin: undefined,
};

function cited(file: string, runs = true): Citation {
  return { key: '5.0 X-1', file, line: 1, title: 'a title', runs };
}

function stateOf(side: Side, statement: Statement, citations: readonly Citation[]): string | undefined {
  return computeCoverage([statement], citations, []).rows.find((row) => row.side === side)?.state;
}

describe('computeCoverage', () => {
  test('a test of any package but the broker covers the side of the client', () => {
    const citations = [cited('packages/codec/test/a.test.ts')];
    expect(stateOf('client', base, citations)).toBe('covered');
    expect(stateOf('server', base, citations)).toBe('open');
  });

  test('a test of the broker covers the side of the server', () => {
    const citations = [cited('packages/broker/test/a.test.ts')];
    expect(stateOf('client', base, citations)).toBe('open');
    expect(stateOf('server', base, citations)).toBe('covered');
  });

  test('the same id of the other version covers nothing', () => {
    const statement: Statement = { ...base, version: '3.1.1' };
    expect(stateOf('client', statement, [cited('packages/codec/test/a.test.ts')])).toBe('open');
  });

  test('a test that does not run covers nothing', () => {
    expect(stateOf('client', base, [cited('packages/codec/test/a.test.ts', false)])).toBe('open');
  });

  test('what binds the server concerns a client that notices it', () => {
    expect(stateOf('client', { ...base, binds: 'server', role: 'police-peer' }, [])).toBe('open');
    expect(stateOf('client', { ...base, binds: 'server', role: 'none', check: 'not-applicable' }, [])).toBe(undefined);
  });

  test('what binds only the client does not concern the server', () => {
    expect(stateOf('server', { ...base, binds: 'client' }, [])).toBe(undefined);
  });
});

describe('exceptions', () => {
  const index = indexStatements([base]);
  const exceptions = parseExceptions('[{ "version": "5.0", "id": "X-1", "reason": "Because." }]', index);

  test('an exception excuses an open statement on the side of the client, with its reason', () => {
    const { rows, problems } = computeCoverage([base], [], exceptions);
    expect(rows).toMatchObject([
      { side: 'client', state: 'excepted', reason: 'Because.' },
      { side: 'server', state: 'open' },
    ]);
    expect(problems).toEqual([]);
  });

  test('an exception for a covered statement is a problem', () => {
    const { rows, problems } = computeCoverage([base], [cited('packages/codec/test/a.test.ts')], exceptions);
    expect(rows[0]?.state).toBe('covered');
    expect(problems).toEqual([expect.stringContaining('5.0 X-1 (client) excuses nothing')]);
  });

  test('the same exception twice is a problem', () => {
    expect(() => parseExceptions(JSON.stringify([entry, entry]), index)).toThrow('twice');
  });

  const entry = { version: '5.0', id: 'X-1', reason: 'Because.' };
  test.each([
    ['without a reason', { ...entry, reason: undefined }],
    ['for an unknown id', { ...entry, id: 'X-2' }],
    ['for an unknown version', { ...entry, version: '5' }],
    ['with an unknown field', { ...entry, why: 'Because.' }],
  ])('an exception %s is refused', (_, wrong) => {
    expect(() => parseExceptions(JSON.stringify([wrong]), index)).toThrow(TypeError);
  });
});

describe('selectRequirement', () => {
  const statements: readonly Statement[] = [
    base,
    { ...base, id: 'X-2', check: 'codec-decode' },
    { ...base, id: 'X-3', check: 'session', alsoCheck: ['codec-decode'] },
    { ...base, id: 'X-4', check: 'session' },
    { ...base, id: 'X-5', check: 'codec-encode', alsoCheck: ['session'] },
  ];
  const { rows } = computeCoverage(statements, [cited('packages/codec/test/a.test.ts')], []);
  const ids = (list: typeof rows): readonly string[] => list.map(({ statement }) => statement.id);

  test('the codec is required for its primary statements and told about those it shares', () => {
    const codec = selectRequirement(rows, 'codec');
    expect(ids(codec.rows)).toEqual(['X-1', 'X-2', 'X-5']);
    expect(ids(codec.shared)).toEqual(['X-3']);
    expect(ids(openRows(codec.rows))).toEqual(['X-2', 'X-5']);
  });

  test('the session likewise', () => {
    const session = selectRequirement(rows, 'session');
    expect(ids(session.rows)).toEqual(['X-3', 'X-4']);
    expect(ids(session.shared)).toEqual(['X-5']);
  });
});
