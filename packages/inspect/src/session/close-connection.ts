/** The end of a connection: what belongs to it is lost, and what belongs to the session waits. */
import type { Side } from '@omqtt/codec';
import { endExchange } from '../exchange.ts';
import type { ConnectionState, Pending } from './state.ts';
import { checkOpen, checkSilenceAtEnd, sayLost } from './timing.ts';
import type { SharedState } from './turn.ts';

export interface Ending {
  readonly at: number;
  readonly by: Side | undefined;
  /** Why it could not be, as a sentence: told instead of who ended it. */
  readonly reason?: string | undefined;
}

export function closeConnection(shared: SharedState, connection: ConnectionState, { at, by, reason }: Ending): void {
  checkOpen(shared, connection, at);
  checkSilenceAtEnd(shared, connection, at);
  connection.closedAt = at;
  connection.closedBy = by;
  connection.closedBecause = reason;
  const { connecting, pings, subscribing, authenticating, session } = connection;
  for (const pending of [...(connecting ? [connecting] : []), ...pings, ...subscribing.values()]) {
    lose(shared, pending, at);
  }
  connection.connecting = undefined;
  pings.length = 0;
  subscribing.clear();
  if (authenticating) endExchange(authenticating, 'lost', at);
  connection.authenticating = undefined;
  if (session.connection !== connection.id && session.connection !== undefined) return;
  session.aliases = connection.aliases;
  session.connection = undefined;
  session.endedAt = at;
  if (session.expirySeconds === 0 || session.clientId === undefined) loseAll(shared, connection, at);
}

/** The session ends with the connection. */
function loseAll(shared: SharedState, { session }: ConnectionState, at: number): void {
  for (const direction of ['c2s', 's2c'] as const) {
    const deliveries = session.deliveries[direction];
    sayLost(shared, [...deliveries.values()], { direction, now: at });
    for (const delivery of deliveries.values()) {
      endExchange(delivery.exchange, 'lost', at);
      shared.touch(delivery.number);
    }
  }
  for (const { exchange } of session.requests.values()) endExchange(exchange, 'lost', at);
  shared.openExchanges -= session.requests.size;
  session.requests.clear();
  // A session that nobody can come back to; others are cleared when they are replaced or forgotten.
  if (session.clientId !== undefined && shared.sessions.get(session.clientId) === session) return;
  for (const deliveries of Object.values(session.deliveries)) {
    shared.openExchanges -= deliveries.size;
    deliveries.clear();
  }
}

function lose(shared: SharedState, { exchange, number }: Pending, at: number): void {
  endExchange(exchange, 'lost', at);
  shared.touch(number);
  shared.openExchanges -= 1;
}
