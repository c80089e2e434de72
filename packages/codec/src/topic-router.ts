/** Finds the filters that a topic matches, at a cost that depends on the levels of the topic and not on their number. */
import { hasWildcard } from './text.ts';
import { unsharedFilter, validateTopicFilter } from './topic-filter.ts';

/**
 * Filters without wildcards, which are most, are found by one look-up. The others are in a tree with a level of filters on
 * each storey, walked without recursion because a filter may have 32 768 levels. Both are lean: with very many filters a
 * look-up costs what it costs to fetch memory.
 */
export class TopicRouter<Value> {
  readonly #literals = new Map<string, Value[]>();
  readonly #patterns: Node<Value> = newNode();
  #size = 0;

  /** How many values there are. */
  get size(): number {
    return this.#size;
  }

  /** Throws an `InvalidTopicError` for a bad filter. The same value may be added again, and is then found twice. */
  add(filter: string, value: Value): void {
    validateTopicFilter(filter);
    const pattern = unsharedFilter(filter);
    this.#size += 1;
    if (hasWildcard(pattern)) {
      let node = this.#patterns;
      for (const level of pattern.split('/')) node = childOf(node, level) ?? addChild(node, level);
      node.values = withValue(node.values, value);
    } else {
      this.#literals.set(pattern, withValue(this.#literals.get(pattern), value));
    }
  }

  /** Takes the value away once; says whether it was there. */
  remove(filter: string, value: Value): boolean {
    const pattern = unsharedFilter(filter);
    const leaf = hasWildcard(pattern) ? this.#leafOf(pattern) : undefined;
    const values = leaf ? leaf.values : this.#literals.get(pattern);
    const index = values?.indexOf(value) ?? -1;
    if (values === undefined || index === -1) return false;
    values.splice(index, 1);
    this.#size -= 1;
    if (values.length > 0) return true;
    // Branches that lead nowhere any more would make long-running programs grow.
    if (leaf) prune(leaf);
    else this.#literals.delete(pattern);
    return true;
  }

  #leafOf(pattern: string): Node<Value> | undefined {
    let node: Node<Value> | undefined = this.#patterns;
    for (const level of pattern.split('/')) node = node && childOf(node, level);
    return node;
  }

  /** The values of all filters that `topic` matches, in no particular order. */
  match(topic: string): Value[] {
    const found: Value[] = [];
    addValues(found, this.#literals.get(topic));
    matchPatterns(this.#patterns, topic, found);
    return found;
  }
}

interface Node<Value> {
  readonly parent: Node<Value> | undefined;
  /** Its name among the children of its parent. */
  readonly level: string;
  values: Value[] | undefined;
  plus: Node<Value> | undefined;
  hash: Node<Value> | undefined;
  /** The others: most have one, and no map for it. */
  children: Node<Value> | Map<string, Node<Value>> | undefined;
}

function newNode<Value>(parent?: Node<Value>, level: string = ''): Node<Value> {
  return { parent, level, values: undefined, plus: undefined, hash: undefined, children: undefined };
}

function childOf<Value>(node: Node<Value>, level: string): Node<Value> | undefined {
  if (level === '+') return node.plus;
  if (level === '#') return node.hash;
  return literalChild(node, level);
}

function literalChild<Value>({ children }: Node<Value>, level: string): Node<Value> | undefined {
  if (children instanceof Map) return children.get(level);
  return children?.level === level ? children : undefined;
}

function addChild<Value>(node: Node<Value>, level: string): Node<Value> {
  const child = newNode(node, level);
  const { children } = node;
  if (level === '+') node.plus = child;
  else if (level === '#') node.hash = child;
  else if (children instanceof Map) children.set(level, child);
  else if (children) node.children = new Map([children, child].map((each) => [each.level, each]));
  else node.children = child;
  return child;
}

function prune<Value>(leaf: Node<Value>): void {
  let node = leaf;
  while (node.parent && !node.values?.length && !node.plus && !node.hash && !node.children) {
    const { parent, level } = node;
    if (level === '+') parent.plus = undefined;
    else if (level === '#') parent.hash = undefined;
    else if (!(parent.children instanceof Map && parent.children.delete(level) && parent.children.size > 0)) {
      parent.children = undefined;
    }
    node = parent;
  }
}

function matchPatterns<Value>(root: Node<Value>, topic: string, found: Value[]): void {
  // A leading wildcard does not reach the topics of the server itself [MQTT-4.7.2-1].
  let isHidden = topic.startsWith('$');
  let nodes = [root];
  for (let start = 0; start <= topic.length; isHidden = false) {
    const slash = topic.indexOf('/', start);
    const end = slash === -1 ? topic.length : slash;
    const level = topic.slice(start, end);
    // A topic that holds a wildcard is not valid; it must not match the filter of the same name.
    const next: Node<Value>[] = [];
    for (const node of nodes) {
      const literal = literalChild(node, level);
      if (literal) next.push(literal);
      if (isHidden) continue;
      addValues(found, node.hash?.values);
      if (node.plus) next.push(node.plus);
    }
    if (next.length === 0) return;
    nodes = next;
    start = end + 1;
  }
  for (const node of nodes) {
    addValues(found, node.values);
    // `a/#` also matches its parent `a`.
    addValues(found, node.hash?.values);
  }
}

// An empty array that grows would take room for 17.
function withValue<Value>(values: Value[] | undefined, value: Value): Value[] {
  if (values === undefined) return [value];
  values.push(value);
  return values;
}

// Spreading into `push` would overflow the stack where very many subscribe to the same filter.
function addValues<Value>(found: Value[], values: readonly Value[] | undefined): void {
  for (const value of values ?? []) found.push(value);
}
