import { expect, test } from 'vitest';
import { formatTable, type Column } from '../src/table.ts';

interface Fruit {
  readonly name: string;
  readonly count: number;
}

const columns: readonly Column<Fruit>[] = [
  { title: 'fruit', cell: ({ name }) => name },
  { title: 'n', cell: ({ count }) => String(count), align: 'right' },
];

test('columns are as wide as their longest cell, and numbers end at the same place', () => {
  const table = formatTable(columns, [
    { name: 'mirabelle', count: 7 },
    { name: 'fig', count: 120 },
  ]);
  expect(table.split('\n')).toEqual([
    'fruit        n', //
    '─────────  ───',
    'mirabelle    7',
    'fig        120',
  ]);
});

test('a table without rows still says what its columns are', () => {
  expect(formatTable(columns, [])).toBe('fruit  n\n─────  ─');
});
