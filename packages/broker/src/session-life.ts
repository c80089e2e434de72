/** How sessions begin, are taken over, wait for their client, and end (§4.1). */
import { FOREVER_SECONDS } from './broker-limits.ts';
import type { ClientConnection } from './client-connection.ts';
import type { Engine } from './engine.ts';
import { Session } from './session.ts';
import { cancelWill, publishDelayedWill, scheduleWill } from './wills.ts';

export interface OpenedSession {
  readonly session: Session;
  readonly isPresent: boolean;
}

/** The session of the client id, which may belong to another connection until now. */
export function openSession(engine: Engine, connection: ClientConnection, isCleanStart: boolean): OpenedSession {
  const { clientId, username } = connection;
  // [MQTT-3.1.4-3] [3.1.1 MQTT-3.1.4-2]
  engine.sessions.get(clientId)?.connection?.end(0x8e);
  // The end of the other connection may have been the end of its session, too.
  const kept = engine.sessions.get(clientId);
  if (kept && !isCleanStart) {
    kept.cancelExpiry?.();
    kept.cancelExpiry = undefined;
    kept.expiresAt = Infinity;
    cancelWill(kept);
    return { session: kept, isPresent: true };
  }
  if (kept) endSession(engine, kept);
  const session = new Session(engine, clientId, username);
  engine.sessions.set(clientId, session);
  return { session, isPresent: false };
}

/** The connection is gone: the session waits for the next one, or ends. */
export function leaveSession(engine: Engine, connection: ClientConnection): void {
  const { session, will } = connection;
  if (session?.connection !== connection) return;
  session.connection = undefined;
  session.outbound.detach();
  engine.connected -= 1;
  if (will) scheduleWill(engine, session, will);
  if (session.expirySeconds === 0) endSession(engine, session);
  else if (session.expirySeconds < FOREVER_SECONDS) expireLater(engine, session);
}

function endSession(engine: Engine, session: Session): void {
  if (engine.sessions.get(session.clientId) === session) engine.sessions.delete(session.clientId);
  session.cancelExpiry?.();
  session.cancelExpiry = undefined;
  for (const subscription of session.subscriptions.values()) engine.routes.remove(subscription);
  session.subscriptions.clear();
  session.inboundIds.clear();
  session.outbound.clear();
  publishDelayedWill(engine, session);
}

function expireLater(engine: Engine, session: Session): void {
  const { clock } = engine;
  session.expiresAt = clock.now() + session.expirySeconds * 1000;
  session.cancelExpiry = clock.wakeAt(session.expiresAt, () => endSession(engine, session));
}

/** The end of the broker: no will is published any more. */
export function dropSession(engine: Engine, session: Session): void {
  cancelWill(session);
  endSession(engine, session);
}
