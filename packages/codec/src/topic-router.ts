/** Finds the filters that a topic matches, at a cost that depends on the levels of the topic and not on their number. */
import { hasWildcard } from './text.ts';
import { unsharedFilter, validateTopicFilter } from './topic-filter.ts';

/**
 * A tree with a level of filters on each storey, walked without recursion because a filter may have 32 768 levels.
 * Filters without wildcards, which are most, are found by one look-up and are a single level, whatever their slashes.
 */
export class TopicRouter<Value> {
  readonly #literals: Node<Value> = newNode();
  readonly #patterns: Node<Value> = newNode();
  #size = 0;

  /** How many values there are. */
  get size(): number {
    return this.#size;
  }

  /** Throws an `InvalidTopicError` for a bad filter. The same value may be added again, and is then found twice. */
  add(filter: string, value: Value): void {
    validateTopicFilter(filter);
    const { root, levels } = this.#pathOf(filter);
    let node = root;
    for (const level of levels) {
      let child = node.children.get(level);
      if (child === undefined) {
        child = newNode(node, level);
        node.children.set(level, child);
      }
      node = child;
    }
    node.values.push(value);
    this.#size += 1;
  }

  /** Takes the value away once; says whether it was there. */
  remove(filter: string, value: Value): boolean {
    const { root, levels } = this.#pathOf(filter);
    let node: Node<Value> | undefined = root;
    for (const level of levels) node = node?.children.get(level);
    const index = node?.values.indexOf(value) ?? -1;
    if (index === -1) return false;
    node?.values.splice(index, 1);
    this.#size -= 1;
    // Branches that lead nowhere any more would make long-running programs grow.
    while (node?.parent && node.values.length === 0 && node.children.size === 0) {
      node.parent.children.delete(node.level);
      node = node.parent;
    }
    return true;
  }

  /** The values of all filters that `topic` matches, in no particular order. */
  match(topic: string): Value[] {
    const found: Value[] = [];
    addValues(found, this.#literals.children.get(topic));
    if (this.#patterns.children.size > 0) matchPatterns(this.#patterns, topic, found);
    return found;
  }

  #pathOf(filter: string): { readonly root: Node<Value>; readonly levels: readonly string[] } {
    const pattern = unsharedFilter(filter);
    return hasWildcard(pattern)
      ? { root: this.#patterns, levels: pattern.split('/') }
      : { root: this.#literals, levels: [pattern] };
  }
}

interface Node<Value> {
  readonly parent: Node<Value> | undefined;
  /** Its name among the children of its parent. */
  readonly level: string;
  readonly children: Map<string, Node<Value>>;
  readonly values: Value[];
}

function newNode<Value>(parent?: Node<Value>, level: string = ''): Node<Value> {
  return { parent, level, children: new Map(), values: [] };
}

function matchPatterns<Value>(root: Node<Value>, topic: string, found: Value[]): void {
  let nodes = [root];
  for (const level of topic.split('/')) {
    // A leading wildcard does not reach the topics of the server itself [MQTT-4.7.2-1].
    const isHidden = nodes[0] === root && topic.startsWith('$');
    const next: Node<Value>[] = [];
    for (const { children } of nodes) {
      if (!isHidden) addValues(found, children.get('#'));
      // A topic that holds a wildcard is not valid; it must not match the filter of the same name.
      const literal = level === '+' || level === '#' ? undefined : children.get(level);
      const plus = isHidden ? undefined : children.get('+');
      if (literal) next.push(literal);
      if (plus) next.push(plus);
    }
    if (next.length === 0) return;
    nodes = next;
  }
  for (const node of nodes) {
    addValues(found, node);
    // `a/#` also matches its parent `a`.
    addValues(found, node.children.get('#'));
  }
}

// Spreading into `push` would overflow the stack where very many subscribe to the same filter.
function addValues<Value>(found: Value[], node: Node<Value> | undefined): void {
  for (const value of node?.values ?? []) found.push(value);
}
