/** Ends a connection as a pulled cable would: neither side hears a goodbye. */
import type { Socket } from 'node:net';

/**
 * A reset fails while the end of a socket is on its way, and Node never closes the handle then: the process would not
 * exit.
 */
export function resetSocket(socket: Socket): void {
  if (socket.writableEnded && !socket.writableFinished) socket.destroy();
  else socket.resetAndDestroy();
}
