/** Topics by their levels: what each branch counts is the sum of what is below it. */
import type { TopicRow } from '../../src/api/tally-view.ts';

export interface TopicNode {
  /** Of this level; of several, where there is nothing else beside them. */
  readonly name: string;
  /** Of the whole branch: `plant/2`. */
  readonly path: string;
  /** Messages of this very topic. */
  readonly row: TopicRow | undefined;
  readonly messages: number;
  readonly perSecond: number;
  readonly payloadBytes: number;
  readonly children: readonly TopicNode[];
}

/** What is below stays in one name: a topic may have thousands of levels. */
const MOST_LEVELS = 12;

interface Branch {
  row: TopicRow | undefined;
  readonly children: Map<string, Branch>;
}

/** Those with most messages first, on each level. */
export function topicTree(rows: readonly TopicRow[]): readonly TopicNode[] {
  const root: Branch = { row: undefined, children: new Map() };
  for (const row of rows) {
    let branch = root;
    for (const level of levelsOf(row.topic)) {
      const next = branch.children.get(level) ?? { row: undefined, children: new Map<string, Branch>() };
      branch.children.set(level, next);
      branch = next;
    }
    branch.row = row;
  }
  return nodesOf(root, '');
}

function levelsOf(topic: string): string[] {
  const levels = topic.split('/');
  if (levels.length <= MOST_LEVELS) return levels;
  return [...levels.slice(0, MOST_LEVELS - 1), levels.slice(MOST_LEVELS - 1).join('/')];
}

function nodesOf({ children }: Branch, prefix: string): readonly TopicNode[] {
  return Array.from(children, ([name, branch]) => nodeOf(name, prefix + name, branch)).toSorted(
    (one, other) => other.messages - one.messages,
  );
}

function nodeOf(name: string, path: string, branch: Branch): TopicNode {
  const { row } = branch;
  const children = nodesOf(branch, `${path}/`);
  const [only] = children;
  if (row === undefined && only && children.length === 1) return { ...only, name: `${name}/${only.name}` };
  return {
    name,
    path,
    row,
    messages: sumOf(row?.messages, children, 'messages'),
    perSecond: sumOf(row?.perSecond, children, 'perSecond'),
    payloadBytes: sumOf(row?.payloadBytes, children, 'payloadBytes'),
    children,
  };
}

function sumOf(
  own: number | undefined,
  children: readonly TopicNode[],
  what: 'messages' | 'perSecond' | 'payloadBytes',
): number {
  return children.reduce((sum, child) => sum + child[what], own ?? 0);
}

export interface TopicLine {
  readonly node: TopicNode;
  readonly level: number;
}

/** The branches that are not in a closed one, each before what is below it. */
export function linesOf(
  nodes: readonly TopicNode[],
  isOpen: (node: TopicNode) => boolean,
  level: number = 0,
): TopicLine[] {
  return nodes.flatMap((node) => [
    { node, level },
    ...(node.children.length > 0 && isOpen(node) ? linesOf(node.children, isOpen, level + 1) : []),
  ]);
}
