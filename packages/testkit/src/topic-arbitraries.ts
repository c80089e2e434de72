/** Topic names and topic filters. */
import type { ProtocolVersion } from '@omqtt/codec';
import * as fc from 'fast-check';
import { shortTexts, texts } from './text-arbitraries.ts';

/** What a message may be published to: not empty, without wildcards. Empty levels and a leading `$` are allowed. */
export function topicNames(): fc.Arbitrary<string> {
  return fc
    .oneof({ weight: 3, arbitrary: levels(shortTexts()) }, { weight: 2, arbitrary: texts() })
    .map((topic) => withoutWildcards(topic) || '/');
}

/** What may be subscribed to. In 5.0 some are shared; in 3.1.1 `$share` is a level like any other. */
export function topicFilters(version: ProtocolVersion): fc.Arbitrary<string> {
  const plain = plainFilters();
  if (version === '3.1.1') return fc.oneof({ weight: 9, arbitrary: plain }, fc.constantFrom('$share', '$share/+/a/#'));
  return fc.oneof({ weight: 3, arbitrary: plain }, sharedFilters());
}

function plainFilters(): fc.Arbitrary<string> {
  const level = fc.oneof(fc.constant('+'), shortTexts().map(asLevel));
  const wild = fc
    .tuple(levels(level), fc.boolean())
    .map(([filter, isDeep]) => (isDeep ? `${filter}/#` : filter) || '#');
  const filters = fc.oneof({ weight: 3, arbitrary: wild }, topicNames(), fc.constantFrom('#', '+', '/', '+/#'));
  return filters.filter((filter) => filter !== '$share' && !filter.startsWith('$share/'));
}

function sharedFilters(): fc.Arbitrary<string> {
  const shares = shortTexts().map((text) => asLevel(text) || 'share');
  const filters = fc.oneof(fc.constantFrom('#', '+', '/', '+/a/#', '$SYS/#'), levels(shortTexts().map(asLevel)));
  return fc.tuple(shares, filters).map(([share, filter]) => `$share/${share}/${filter || '/'}`);
}

function levels(level: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.array(level, { minLength: 1, maxLength: 6 }).map((all) => all.join('/'));
}

function asLevel(text: string): string {
  return withoutWildcards(text).replaceAll('/', '-');
}

function withoutWildcards(text: string): string {
  return text.replaceAll(/[+#]/g, '-');
}
