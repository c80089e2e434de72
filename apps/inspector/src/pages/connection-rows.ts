/** The connections, for the rail of the page: those that are open first, then the ones that ended last. */
import type { ConnectionView, Inspection } from '@omqtt/inspect';
import type { ConnectionRow } from '../api/messages.ts';
import type { Tally } from './tally.ts';

const MOST_ROWS = 1000;
/** However many are open, so many that ended are told of: a page says how a connection ended. */
const MOST_ENDED_BESIDE = 500;

export interface ConnectionList {
  readonly connections: ConnectionRow[];
  /** How many are not in it. */
  readonly left: number;
  /** How many ended so far, in it or not. */
  readonly ended: number;
}

export function connectionRows(inspection: Inspection, tally: Tally): ConnectionList {
  const all = inspection.connections();
  const open = all
    .filter(({ closedAt }) => closedAt === undefined)
    .toSorted((one, other) => other.openedAt - one.openedAt);
  const ended = all
    .filter(({ closedAt }) => closedAt !== undefined)
    .toSorted((one, other) => (other.closedAt ?? 0) - (one.closedAt ?? 0) || other.openedAt - one.openedAt);
  const shownOpen = open.slice(0, MOST_ROWS - Math.min(ended.length, MOST_ENDED_BESIDE));
  const chosen = [...shownOpen, ...ended].slice(0, MOST_ROWS);
  return {
    connections: chosen.map((view) => rowOf(view, tally)),
    left: all.length - chosen.length,
    ended: tally.endedConnections,
  };
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
