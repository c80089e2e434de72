import { expect, test } from 'vitest';
import { packagesOf } from '../src/installed-packages.ts';
import { isAllowed, licenceTable, refuseLicences } from '../src/licences.ts';

const packages = packagesOf({
  '': {},
  'node_modules/good': { version: '1.0.0', license: 'MIT', dependencies: { twice: '^1' } },
  'node_modules/good/node_modules/twice': { version: '1.2.0', license: 'ISC' },
  'node_modules/twice': { version: '1.2.0', license: 'ISC' },
});

test.each([
  ['MIT', true],
  ['(MIT OR GPL-3.0-only)', true],
  ['MIT AND BSD-3-Clause', true],
  ['MIT AND GPL-3.0-only', false],
  ['GPL-3.0-only', false],
  ['SEE LICENSE IN LICENSE.txt', false],
  ['(MIT OR (GPL-2.0-only AND ISC))', false],
  ['', false],
])('the licence "%s" is allowed: %s', (expression, isFine) => {
  expect(isAllowed(expression)).toBe(isFine);
});

test('a package whose licence is not on the list is named, with its licence', () => {
  const [first] = packages;
  expect(() => refuseLicences(packages)).not.toThrow();
  expect(() => refuseLicences(first === undefined ? [] : [{ ...first, licence: 'AGPL-3.0-only' }])).toThrow(
    'good 1.0.0 (AGPL-3.0-only)',
  );
  expect(() => refuseLicences(first === undefined ? [] : [{ ...first, licence: '' }])).toThrow(
    'good 1.0.0 (no licence)',
  );
});

test('the table has each package once', () => {
  expect(licenceTable(packages).split('\n')).toEqual(['       good 1.0.0   MIT', '       twice 1.2.0  ISC']);
});

test('a dependency is the copy that Node would load', () => {
  expect(packages[0]?.dependencies).toEqual(['node_modules/good/node_modules/twice']);
});
