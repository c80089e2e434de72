/** Does a topic match a filter (§4.7)? */
import { unsharedFilter } from './topic-filter.ts';

/** Both are taken as valid. A shared filter matches what it matches without its `$share/name/`. */
export function topicMatches(filter: string, topic: string): boolean {
  const pattern = unsharedFilter(filter);
  // A leading wildcard does not reach the topics of the server itself [MQTT-4.7.2-1].
  if (topic.startsWith('$') && /^[+#]/.test(pattern)) return false;
  const wanted = pattern.split('/');
  const levels = topic.split('/');
  // What stands before `#` is enough: `a/#` also matches its parent `a`.
  const isOpen = wanted.at(-1) === '#';
  if (isOpen) wanted.pop();
  if (isOpen ? levels.length < wanted.length : levels.length !== wanted.length) return false;
  return wanted.every((level, index) => level === '+' || level === levels[index]);
}
