/** What follows from the end of a connection, however it came. */
import type { ClientConnection } from './client-connection.ts';
import type { Engine } from './engine.ts';
import { leaveSession } from './session-life.ts';

export function connectionEnded(engine: Engine, connection: ClientConnection): void {
  connection.exchange = undefined;
  connection.request = undefined;
  leaveSession(engine, connection);
}
