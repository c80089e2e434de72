/** Does a topic match a filter (§4.7)? */
import { unsharedFilter } from './topic-filter.ts';

/** Both are taken as valid. A shared filter matches what it matches without its `$share/name/`. */
export function topicMatches(filter: string, topic: string): boolean {
  const pattern = unsharedFilter(filter);
  // A leading wildcard does not reach the topics of the server itself [MQTT-4.7.2-1].
  if (topic.startsWith('$') && (pattern.startsWith('+') || pattern.startsWith('#'))) return false;
  let at = 0;
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern[index];
    if (character === '#') return true;
    if (character === '+') {
      const slash = topic.indexOf('/', at);
      at = slash === -1 ? topic.length : slash;
    } else if (at < topic.length && character === topic[at]) {
      at += 1;
    } else {
      // `a/#` also matches its parent `a`.
      return at === topic.length && pattern.slice(index) === '/#';
    }
  }
  return at === topic.length;
}
