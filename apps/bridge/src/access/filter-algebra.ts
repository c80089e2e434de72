/** What one topic filter says about another. */
import { topicMatches } from 'omqtt';

/** Every topic that `inner` matches is one that `outer` matches. */
export function filterContains(outer: string, inner: string): boolean {
  // `#` and `+` do not match topics that begin with `$` [MQTT-4.7.2-1].
  if (inner.startsWith('$') && !outer.startsWith('$')) return false;
  const [wide, narrow] = [outer.split('/'), (sameFilters.get(inner) ?? inner).split('/')];
  for (const [index, level] of wide.entries()) {
    // `a/#` matches `a` as well.
    if (level === '#') return true;
    const other = narrow[index];
    if (other === undefined || other === '#') return false;
    if (level !== '+' && level !== other) return false;
  }
  return wide.length === narrow.length;
}

/** No topic is empty, so these say the same, and the longer ones say it level by level. */
const sameFilters: ReadonlyMap<string, string> = new Map([
  ['#', '+/#'],
  ['/#', '/+/#'],
]);

/** There is a topic that both match. */
export function filtersOverlap(one: string, other: string): boolean {
  if (one.startsWith('$') !== other.startsWith('$')) {
    // A wildcard at the beginning keeps away from `$`, and so does any other name.
    return false;
  }
  return levelsOverlap(one.split('/'), other.split('/'));
}

function levelsOverlap(one: readonly string[], other: readonly string[]): boolean {
  for (let index = 0; ; index += 1) {
    const [a, b] = [one[index], other[index]];
    if (a === '#' || b === '#') return true;
    if (a === undefined || b === undefined) return a === b;
    if (a !== b && a !== '+' && b !== '+') return false;
  }
}

/** A rule for topics, where `$…` has to be named. */
export function allowsTopic(filter: string, topic: string): boolean {
  return topicMatches(filter, topic);
}
