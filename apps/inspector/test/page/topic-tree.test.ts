import { expect, test } from 'vitest';
import { linesOf, topicTree } from '../../page/side/topic-tree.ts';
import type { TopicRow } from '../../src/api/tally-view.ts';

function rowOf(topic: string, messages: number): TopicRow {
  return {
    topic,
    messages,
    payloadBytes: messages * 10,
    perSecond: messages / 10,
    isRetained: false,
    lastAt: 0,
    lastNumber: 1,
  };
}

function namesIn(rows: readonly TopicRow[], closed: readonly string[] = []): string[] {
  const lines = linesOf(topicTree(rows), ({ path }) => !closed.includes(path));
  return lines.map(({ node, level }) => `${'  '.repeat(level)}${node.name} ${node.messages}`);
}

const rows = [
  rowOf('plant/1/temp', 3),
  rowOf('plant/2/temp', 5),
  rowOf('plant', 1),
  rowOf('hall', 4),
  rowOf('a/b/c', 2),
];

test('topics stand below what they have in common, those with most messages first, and are summed up', () => {
  expect(namesIn(rows)).toEqual(['plant 9', '  2/temp 5', '  1/temp 3', 'hall 4', 'a/b/c 2']);
  const [plant] = topicTree(rows);
  expect(plant).toMatchObject({ path: 'plant', payloadBytes: 90, row: { messages: 1 } });
  expect(plant?.perSecond).toBeCloseTo(0.9);
  expect(plant?.children.map(({ path }) => path)).toEqual(['plant/2/temp', 'plant/1/temp']);
});

test('what is below a closed branch is in no line', () => {
  expect(namesIn(rows, ['plant'])).toEqual(['plant 9', 'hall 4', 'a/b/c 2']);
});

test('empty levels are levels, and thousands of them are one name', () => {
  expect(namesIn([rowOf('/a', 1), rowOf('/b', 1), rowOf('//', 1)])).toEqual([' 3', '  a 1', '  b 1', '  / 1']);
  const deep = '/'.repeat(60_000);
  expect(namesIn([rowOf(deep, 1)])).toEqual([`${deep} 1`]);
});
