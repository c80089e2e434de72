/** Topic filters: what a subscription asks for. */
import { InvalidTopicError } from './errors.ts';
import type { ProtocolVersion } from './packet.ts';
import type { Problem } from './problems.ts';
import { textProblem } from './text.ts';

export interface SharedFilter {
  readonly share: string;
  /** What is left when `$share/name/` is taken away. */
  readonly filter: string;
}

/** Throws an `InvalidTopicError` unless `filter` can be subscribed to; shared filters count. */
export function validateTopicFilter(filter: string): void {
  const problem = checkTopicFilter(filter) ?? textProblem(filter);
  if (problem) throw new InvalidTopicError({ topic: filter, problem });
}

/** The parts of `$share/name/filter`, or `undefined` for a filter that is not shared. */
export function parseSharedFilter(filter: string): SharedFilter | undefined {
  if (!isSharedFilter(filter)) return undefined;
  validateTopicFilter(filter);
  return { share: filter.split('/', 2)[1] as string, filter: unsharedFilter(filter) };
}

/** Only the lower-case prefix makes a filter shared [MQTT-4.8.2-1]. */
export function isSharedFilter(filter: string): boolean {
  return /^\$share(\/|$)/.test(filter);
}

/** What the topics have to match: the filter without `$share/name/`. */
export function unsharedFilter(filter: string): string {
  return filter.replace(SHARE, '');
}

/**
 * What only a filter can have wrong; that its text can be written is checked where texts are.
 * Shared filters are a matter of 5.0: in 3.1.1 their prefix is two levels like any others.
 */
export function checkTopicFilter(filter: string, version: ProtocolVersion | 'auto' = '5.0'): Problem | undefined {
  if (filter === '') return 'empty-filter';
  const isShared = version !== '3.1.1' && isSharedFilter(filter);
  const pattern = isShared ? unsharedFilter(filter) : filter;
  if (isShared && (pattern === '' || pattern === filter)) return 'bad-share';
  // A wildcard fills its level, and nothing follows `#`.
  if (/[^/]#|#[^]/.test(pattern)) return 'misplaced-hash';
  return /[^/]\+|\+[^/]/.test(pattern) ? 'misplaced-plus' : undefined;
}

/** The prefix with a name that is neither empty nor has wildcards [MQTT-4.8.2-2]. */
const SHARE = /^\$share\/[^/#+]+\//;
