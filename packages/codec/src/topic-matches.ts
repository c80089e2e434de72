/** Does a topic match a filter (§4.7)? */
import { unsharedFilter } from './topic-filter.ts';

/** Both are taken as valid. A shared filter matches what it matches without its `$share/name/`. */
export function topicMatches(filter: string, topic: string): boolean {
  const pattern = unsharedFilter(filter);
  const levels = topic.split('/');
  // A leading wildcard does not reach the topics of the server itself [MQTT-4.7.2-1].
  let isHidden = topic.startsWith('$');
  let index = 0;
  for (const wanted of pattern.split('/')) {
    const level = levels[index];
    if (isHidden && wanted !== level) return false;
    // What stands before `#` is enough: `a/#` also matches its parent `a`.
    if (wanted === '#') return true;
    if (level === undefined || (wanted !== '+' && wanted !== level)) return false;
    isHidden = false;
    index += 1;
  }
  return index === levels.length;
}
