/** The view of topics: a tree with counts and rates, whose branches can be closed. */
import { escapeText } from '@omqtt/inspect';
import { button, element, type Child } from '../dom/element.ts';
import { branchTerm, quoted } from '../filter/filter-terms.ts';
import type { Inspector } from '../inspector.ts';
import { formatBytes, formatCount, formatRate, formatTime } from '../time-format.ts';
import { table } from './table.ts';
import { linesOf, topicTree, type TopicLine, type TopicNode } from './topic-tree.ts';

/** With more topics than this branches begin closed. */
const MOST_OPEN = 100;
const INDENT_PX = 18;

interface Actions {
  readonly choose: (filter: string) => void;
  readonly leadTo: (number: number) => void;
  readonly toggle: (node: TopicNode) => void;
  readonly isOpen: (node: TopicNode) => boolean;
}

/** `choose` gets the filter for what was clicked. */
export function topicsView(inspector: Inspector, choose: (filter: string) => void): HTMLElement {
  const { hub, model } = inspector;
  const root = element('section', { class: 'table-view', 'aria-label': 'Topics', tabindex: 0 });
  const toggled = new Set<string>();
  const actions: Actions = {
    choose,
    leadTo: (number) => {
      inspector.show('packets');
      void inspector.goTo(number);
    },
    toggle: ({ path }) => {
      if (!toggled.delete(path)) toggled.add(path);
      hub.changed('topics');
    },
    isOpen: ({ path }) => model.topics.length <= MOST_OPEN !== toggled.has(path),
  };
  hub.on(['topics', 'view'], () => {
    const { topics, topicsLeft } = model;
    const focused = root.contains(document.activeElement) ? document.activeElement?.id : undefined;
    const rows = linesOf(topicTree(topics), actions.isOpen).map((line) => cellsOf(line, actions));
    root.replaceChildren(
      element('h2', {}, 'Topics'),
      table(['Topic', 'Messages', 'Rate', 'Payload', 'Kept', 'Last', 'Time'], rows),
      topicsLeft > 0 ? element('p', { class: 'quiet' }, `… ${formatCount(topicsLeft)} more topics`) : '',
    );
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  });
  return root;
}

function cellsOf({ node, level }: TopicLine, actions: Actions): Child[] {
  const { row, messages, perSecond, payloadBytes } = node;
  return [
    nameOf(node, level, actions),
    formatCount(messages),
    formatRate(perSecond),
    formatBytes(payloadBytes),
    row?.isRetained ? '◆ retained' : '',
    row && button({ class: 'small' }, () => actions.leadTo(row.lastNumber), `#${row.lastNumber}`),
    row && formatTime(row.lastAt, 'local', undefined),
  ];
}

function nameOf(node: TopicNode, level: number, { choose, toggle, isOpen }: Actions): HTMLElement {
  const { path, children, row } = node;
  const isBranch = children.length > 0;
  const name = escapeText(isBranch ? `${node.name}/` : node.name);
  const twist = button(
    {
      class: 'small twist-button',
      id: `topic-${path}`,
      'aria-expanded': String(isOpen(node)),
      'aria-label': `What is below ${name}`,
    },
    () => toggle(node),
    isOpen(node) ? '▾' : '▸',
  );
  const term = isBranch || !row ? branchTerm(`${path}/`) : `topic=${quoted(row.topic)}`;
  const title = escapeText(path);
  const cell = element(
    'span',
    { class: 'topic-name' },
    isBranch ? twist : undefined,
    button({ class: 'small', title }, () => choose(term), element('bdi', {}, name)),
  );
  cell.style.paddingLeft = `${level * INDENT_PX}px`;
  return cell;
}
