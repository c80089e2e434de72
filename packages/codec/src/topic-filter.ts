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
  if (problem !== undefined) throw new InvalidTopicError({ topic: filter, problem });
}

/** The parts of `$share/name/filter`, or `undefined` for a filter that is not shared. */
export function parseSharedFilter(filter: string): SharedFilter | undefined {
  if (!isSharedFilter(filter)) return undefined;
  validateTopicFilter(filter);
  return splitSharedFilter(filter);
}

/** Only the lower-case prefix makes a filter shared [MQTT-4.8.2-1]. */
export function isSharedFilter(filter: string): boolean {
  return filter.startsWith(SHARE_PREFIX) || filter === '$share';
}

/** What the topics have to match: the filter without `$share/name/`. */
export function unsharedFilter(filter: string): string {
  return isSharedFilter(filter) ? splitSharedFilter(filter).filter : filter;
}

/**
 * What only a filter can have wrong; that its text can be written is checked where texts are.
 * Shared filters are a matter of 5.0: in 3.1.1 their prefix is two levels like any others.
 */
export function checkTopicFilter(filter: string, version: ProtocolVersion | 'auto' = '5.0'): Problem | undefined {
  if (filter === '') return 'empty-filter';
  if (version === '3.1.1' || !isSharedFilter(filter)) return checkWildcards(filter);
  const shared = splitSharedFilter(filter);
  if (shared.share === '' || shared.filter === '' || /[#+]/.test(shared.share)) return 'bad-share';
  return checkWildcards(shared.filter);
}

const SHARE_PREFIX = '$share/';

function splitSharedFilter(filter: string): SharedFilter {
  const slash = filter.indexOf('/', SHARE_PREFIX.length);
  if (slash === -1) return { share: filter.slice(SHARE_PREFIX.length), filter: '' };
  return { share: filter.slice(SHARE_PREFIX.length, slash), filter: filter.slice(slash + 1) };
}

function checkWildcards(filter: string): Problem | undefined {
  const hash = filter.indexOf('#');
  if (hash !== -1 && (hash !== filter.length - 1 || !startsLevel(filter, hash))) return 'misplaced-hash';
  for (let plus = filter.indexOf('+'); plus !== -1; plus = filter.indexOf('+', plus + 1)) {
    const endsLevel = plus === filter.length - 1 || filter[plus + 1] === '/';
    if (!startsLevel(filter, plus) || !endsLevel) return 'misplaced-plus';
  }
  return undefined;
}

function startsLevel(filter: string, index: number): boolean {
  return index === 0 || filter[index - 1] === '/';
}
