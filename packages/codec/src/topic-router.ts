/** Finds the filters that a topic matches, at a cost that depends on the levels of the topic and not on their number. */
import { unsharedFilter, validateTopicFilter } from './topic-filter.ts';

/**
 * A tree with a level of filters on each storey, walked without recursion because a filter may have 32 768 levels.
 * Filters without wildcards, which are most, are found by one look-up and are not in the tree.
 */
export class TopicRouter<Value> {
  readonly #literals = new Map<string, Value[]>();
  readonly #root: Node<Value> = newNode();
  #size = 0;

  /** How many values there are. */
  get size(): number {
    return this.#size;
  }

  /** Throws an `InvalidTopicError` for a bad filter. The same value may be added again, and is then found twice. */
  add(filter: string, value: Value): void {
    validateTopicFilter(filter);
    const pattern = unsharedFilter(filter);
    if (isLiteral(pattern)) append(this.#literals, pattern, value);
    else this.#nodeOf(pattern).values.push(value);
    this.#size += 1;
  }

  /** Takes the value away once; says whether it was there. */
  remove(filter: string, value: Value): boolean {
    const pattern = unsharedFilter(filter);
    const isRemoved = isLiteral(pattern) ? this.#removeLiteral(pattern, value) : this.#removePattern(pattern, value);
    if (isRemoved) this.#size -= 1;
    return isRemoved;
  }

  /** The values of all filters that `topic` matches, in no particular order. */
  match(topic: string): Value[] {
    const found: Value[] = [];
    appendAll(found, this.#literals.get(topic));
    if (this.#root.children.size > 0) this.#matchPatterns(topic, found);
    return found;
  }

  #matchPatterns(topic: string, found: Value[]): void {
    const isReserved = topic.startsWith('$');
    let nodes = [this.#root];
    let start = 0;
    while (nodes.length > 0) {
      const slash = topic.indexOf('/', start);
      const level = slash === -1 ? topic.slice(start) : topic.slice(start, slash);
      // A leading wildcard does not reach the topics of the server itself [MQTT-4.7.2-1].
      const isHidden = isReserved && start === 0;
      const next: Node<Value>[] = [];
      for (const node of nodes) {
        if (!isHidden) appendAll(found, node.children.get('#')?.values);
        descend(node, level, isHidden, next);
      }
      nodes = next;
      if (slash === -1) break;
      start = slash + 1;
    }
    for (const node of nodes) {
      appendAll(found, node.values);
      // `a/#` also matches its parent `a`.
      appendAll(found, node.children.get('#')?.values);
    }
  }

  #nodeOf(pattern: string): Node<Value> {
    let node = this.#root;
    for (const level of pattern.split('/')) {
      let child = node.children.get(level);
      if (child === undefined) {
        child = newNode();
        node.children.set(level, child);
      }
      node = child;
    }
    return node;
  }

  #removeLiteral(topic: string, value: Value): boolean {
    const values = this.#literals.get(topic);
    if (values === undefined || !removeOnce(values, value)) return false;
    if (values.length === 0) this.#literals.delete(topic);
    return true;
  }

  #removePattern(pattern: string, value: Value): boolean {
    const path: { readonly parent: Node<Value>; readonly level: string; readonly node: Node<Value> }[] = [];
    let parent = this.#root;
    for (const level of pattern.split('/')) {
      const node = parent.children.get(level);
      if (node === undefined) return false;
      path.push({ parent, level, node });
      parent = node;
    }
    if (!removeOnce(parent.values, value)) return false;
    // Branches that lead nowhere any more would make long-running programs grow.
    for (const step of path.toReversed()) {
      if (step.node.values.length > 0 || step.node.children.size > 0) break;
      step.parent.children.delete(step.level);
    }
    return true;
  }
}

interface Node<Value> {
  readonly children: Map<string, Node<Value>>;
  readonly values: Value[];
}

function newNode<Value>(): Node<Value> {
  return { children: new Map(), values: [] };
}

function descend<Value>(node: Node<Value>, level: string, isHidden: boolean, next: Node<Value>[]): void {
  const literal = node.children.get(level);
  // A topic that holds a wildcard is not valid; without this it would match the filter of the same name.
  if (literal !== undefined && level !== '+' && level !== '#') next.push(literal);
  const plus = isHidden ? undefined : node.children.get('+');
  if (plus !== undefined) next.push(plus);
}

function isLiteral(pattern: string): boolean {
  return !pattern.includes('+') && !pattern.includes('#');
}

function append<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

// Spreading into `push` would overflow the stack where very many subscribe to the same filter.
function appendAll<Value>(found: Value[], values: readonly Value[] | undefined): void {
  if (values === undefined) return;
  for (const value of values) found.push(value);
}

function removeOnce<Value>(values: Value[], value: Value): boolean {
  const index = values.indexOf(value);
  if (index === -1) return false;
  values.splice(index, 1);
  return true;
}
