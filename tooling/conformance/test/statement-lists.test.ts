import { describe, expect, test } from 'vitest';

import { indexStatements, parseStatements, readStatements } from '../src/statement-lists.ts';
import type { Statement } from '../src/statement.ts';

const statements = readStatements();

function count(version: string, accept: (statement: Statement) => boolean): number {
  return statements.filter((statement) => statement.version === version && accept(statement)).length;
}

describe('the lists in the repository', () => {
  // Counted in the standards' own appendices: a lost row would be a statement that nobody tests.
  test.each([
    ['5.0', 251, 134],
    ['3.1.1', 141, 73],
  ])('%s has %i statements, %i of them a duty of the client', (version, all, duties) => {
    expect(count(version, () => true)).toBe(all);
    expect(count(version, ({ role }) => role === 'obligation')).toBe(duties);
    expect(count(version, ({ binds }) => binds !== 'server')).toBe(duties);
  });

  test('every id has the form that a title must use', () => {
    expect(statements.filter(({ id }) => !/^MQTT-\d+(\.\d+)+-\d+$/.test(id))).toEqual([]);
  });

  test('every twin is a statement of 5.0', () => {
    const index = indexStatements(statements);
    const twins = statements.flatMap(({ twin }) => twin ?? []);
    expect(twins).toHaveLength(128);
    expect(twins.filter((twin) => !index.has(`5.0 ${twin}`))).toEqual([]);
  });

  test('what means nothing to a client has no kind of client test, and so the other way round', () => {
    const misfits = statements.filter(({ role, check }) => (role === 'none') !== (check === 'not-applicable'));
    // The one duty of a client that only a review can show.
    expect(misfits.map(({ version, id }) => `${version} ${id}`)).toEqual(['3.1.1 MQTT-7.0.0-2']);
  });
});

describe('parseStatements', () => {
  const entry = {
    id: 'X-1',
    section: '1',
    binds: 'both',
    role: 'obligation',
    check: 'session',
    gist: 'A.',
    test: 'B.',
  };

  test.each([
    ['an object instead of a list', {}, 'not a list'],
    ['an entry that is no object', ['X-1'], 'not an object'],
    ['an unknown field', [{ ...entry, alsocheck: [] }], 'unknown field alsocheck'],
    ['an unknown kind', [{ ...entry, check: 'codec' }], 'check is not one of'],
    ['an unknown further kind', [{ ...entry, alsoCheck: ['codec'] }], 'alsoCheck is not one of'],
    ['a missing text', [{ ...entry, gist: undefined }], 'no field gist'],
    ['an empty text', [{ ...entry, gist: ' ' }], 'gist is not a text'],
    ['the same id twice', [entry, entry], 'X-1 twice'],
  ])('refuses %s', (_, list, message) => {
    expect(() => parseStatements(JSON.stringify(list), '5.0')).toThrow(message);
  });
});
