/** The connections, for the rail of the page: those that are open first, then the ones that ended last. */
import type { ConnectionView, Inspection } from '@omqtt/inspect';
import type { ConnectionRow } from '../api/messages.ts';
import type { Tally } from './tally.ts';

const MOST_ROWS = 1000;

export function connectionRows(inspection: Inspection, tally: Tally): ConnectionRow[] {
  return inspection
    .connections()
    .toSorted(
      (one, other) => (other.closedAt ?? Infinity) - (one.closedAt ?? Infinity) || other.openedAt - one.openedAt,
    )
    .slice(0, MOST_ROWS)
    .map((view) => rowOf(view, tally));
}

function rowOf(view: ConnectionView, tally: Tally): ConnectionRow {
  const { id, clientId, version, openedAt, closedAt, ending, packets, subscriptions } = view;
  return {
    id,
    openedAt,
    packets: packets.c2s + packets.s2c,
    subscriptions: subscriptions.filter(({ isGranted }) => isGranted).length,
    ...tally.findingsOf(id),
    ...(clientId !== undefined && { clientId }),
    ...(version !== undefined && { version }),
    ...(closedAt !== undefined && { closedAt }),
    ...(ending !== undefined && { ending }),
  };
}
