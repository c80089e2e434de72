/** The filter that the server gets for the one that a reader sees: marks and exchanges are known to the page alone. */

/** A record with which an exchange begins; one that is sent again is shown as what it is. */
const BEGINS_EXCHANGE =
  'type:connect or type:subscribe or type:unsubscribe or type:pingreq or (type:auth dir:c2s) or ' +
  '(type:publish (qos>=1 or has:prop.responseTopic))';

const QUOTED_OR_MARKED = /"(?:\\.|[^"\\])*"|(?<![\w:=.])is:marked\b/g;

export interface FilterSituation {
  readonly isOfExchanges: boolean;
  /** Numbers of the records that are marked. */
  readonly marked: readonly number[];
}

export function sentFilter(text: string, { isOfExchanges, marked }: FilterSituation): string {
  const numbers = marked.length === 0 ? 'number<0' : `number in (${marked.join(', ')})`;
  const expanded = text.replace(QUOTED_OR_MARKED, (found) => (found.startsWith('"') ? found : numbers));
  if (!isOfExchanges) return expanded;
  return expanded.trim() === '' ? BEGINS_EXCHANGE : `(${expanded}) (${BEGINS_EXCHANGE})`;
}
