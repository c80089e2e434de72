/** PINGREQ and PINGRESP: by deadline, not by tick, so that a machine that slept notices at once (§3.1.2.10). */
import { ConnectionLostError, KeepAliveTimeoutError } from './errors.ts';
import { close, type ConnectionState, type Machine, openConnection, send, settlePending } from './machine.ts';

/** The next moment at which `keepAlive` has something to do. */
export function keepAliveDeadline(machine: Machine): number {
  const connection = openConnection(machine);
  if (connection === undefined) return Infinity;
  return Math.min(pingDeadline(connection), answerDeadline(machine, connection));
}

export function keepAlive(machine: Machine): void {
  const connection = openConnection(machine);
  if (connection === undefined) return;
  const { now } = machine;
  if (now >= answerDeadline(machine, connection)) {
    const silentMs = now - Math.max(connection.pingSentAt, connection.lastReceivedAt);
    close(machine, new KeepAliveTimeoutError(silentMs));
    return;
  }
  if (now >= pingDeadline(connection)) ping(machine, 0);
}

/** Asks for a sign of life; the operation settles with PINGRESP. */
export function ping(machine: Machine, operation: number): void {
  const connection = openConnection(machine);
  if (connection === undefined) {
    machine.effects.settle(operation, undefined, new ConnectionLostError());
    return;
  }
  if (connection.pings.length === 0) connection.pingSentAt = machine.now;
  connection.pings.push({ operation });
  send(machine, connection, { type: 'pingreq' });
}

export function receivePingresp(machine: Machine): void {
  const waiter = machine.connection?.pings.shift();
  // One too many: it does no harm.
  if (waiter === undefined || machine.connection === undefined) return;
  machine.connection.pingSentAt = machine.now;
  settlePending(machine, waiter, { packet: { type: 'pingresp' } });
}

// [MQTT-3.1.2-20] Counted from the last packet sent; what arrives does not matter. A little early, for the way there.
// A ping without an answer changes nothing: the server still counts, however busy it is or long nothing is read.
function pingDeadline({ keepAliveMs, lastSentAt }: ConnectionState): number {
  if (keepAliveMs === 0) return Infinity;
  return lastSentAt + keepAliveMs - Math.min(1000, keepAliveMs / 10);
}

// Whatever arrives is a sign of life; and while nothing is read, nothing can arrive.
function answerDeadline(machine: Machine, connection: ConnectionState): number {
  if (connection.pings.length === 0 || connection.isReadingPaused) return Infinity;
  return Math.max(connection.pingSentAt, connection.lastReceivedAt) + machine.options.pingTimeoutMs;
}

/** A clock that was set back would let the deadlines wait for ever. How long it has been is unknown, so a ping is due. */
export function forgiveClock({ connection }: Machine, now: number): void {
  if (connection === undefined) return;
  connection.lastSentAt = Math.min(connection.lastSentAt, now - connection.keepAliveMs);
  connection.lastReceivedAt = Math.min(connection.lastReceivedAt, now);
  connection.pingSentAt = Math.min(connection.pingSentAt, now);
}
