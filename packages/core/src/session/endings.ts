/** How connections and operations end, other than by an answer of the server. */
import type { DisconnectProperties, MqttError } from '@omqtt/codec';
import { failAuthentication } from './authentication.ts';
import { ConnectionLostError, InvalidStateError, MessageKeptError } from './errors.ts';
import { explainWithin } from './explanations.ts';
import { close, type Machine, persist, send, settlePending, type Pending } from './machine.ts';
import { end, inOrderOfSending } from './outbound-message.ts';
import { takeBack } from './session-fate.ts';
import { abandonExchanges, suspendExchanges } from './subscriptions.ts';
import { drop } from './waiting.ts';

/** What to say in DISCONNECT; in 3.1.1 it says nothing. */
export interface Farewell {
  readonly reasonCode: number;
  readonly properties?: DisconnectProperties;
}

/** Ends the connection in order; nothing is sent after it [MQTT-3.14.4-1]. */
export function disconnect(machine: Machine, farewell: Farewell): void {
  const { connection } = machine;
  if (connection === undefined || connection.phase === 'closing') return;
  const said = connection.version === '5.0' ? farewell : { reasonCode: 0 };
  const expiry = said.properties?.sessionExpirySeconds;
  if (expiry !== undefined && expiry > 0 && (connection.request.properties.sessionExpirySeconds ?? 0) === 0) {
    throw new InvalidStateError('a session that began without an expiry cannot be given one at its end (§3.14.2.2.2)');
  }
  if (expiry !== undefined) connection.expirySeconds = expiry;
  send(machine, connection, explainWithin(connection, { type: 'disconnect', ...said }));
  close(machine, undefined);
}

/** The connection is gone, whoever ended it: its state is thrown away, and the session stays as it is. */
export function loseConnection(machine: Machine, error: MqttError | undefined): void {
  const { connection, effects, state } = machine;
  if (connection === undefined) return;
  const reason = error ?? new ConnectionLostError();
  machine.connection = undefined;
  takeBack(machine, effects.forgetSends());
  const waiters: Pending[] = [connection, ...connection.pings.toArray()];
  if (connection.reauthentication !== undefined) waiters.push(connection.reauthentication);
  for (const waiter of waiters) settlePending(machine, waiter, { error: reason });
  suspendExchanges(machine);
  if (!connection.isEstablished) return;
  // Without an expiry the session ends with its connection [MQTT-3.1.2-23].
  state.exists = connection.expirySeconds > 0;
  persist(machine, { type: 'alive', expirySeconds: connection.expirySeconds, aliveAt: machine.now });
}

/** Nobody waits for the operation any more. A message that was not sent is withdrawn; one that was is finished. */
export function cancel(machine: Machine, operation: number, error: MqttError): void {
  const { state } = machine;
  const waiting = state.waiting.find((message) => message.operation === operation && message.stage === 'waiting');
  if (waiting !== undefined) {
    drop(machine, waiting, error);
    return;
  }
  // The id and the slot stay taken until the server has answered.
  for (const waiter of pendingOf(machine)) {
    if (waiter.operation !== operation) continue;
    settlePending(machine, waiter, { error });
    if (waiter === machine.connection?.reauthentication) failAuthentication(machine, error);
  }
}

function* pendingOf({ state, connection }: Machine): Generator<Pending> {
  yield* state.inFlight.values();
  yield* state.exchanges.values();
  if (connection === undefined) return;
  yield connection;
  yield* connection.pings.toArray();
  if (connection.reauthentication !== undefined) yield connection.reauthentication;
}

/** Messages that could not be kept: they have not left, and do not. */
export function withdraw(machine: Machine, sequences: ReadonlySet<number>, error: MqttError): void {
  const { state } = machine;
  for (const message of [...state.waiting.toArray(), ...inOrderOfSending(machine)]) {
    if (!sequences.has(message.sequence)) continue;
    if (message.stage === 'waiting') drop(machine, message, error);
    else end(machine, message, { error });
  }
}

/**
 * Settles everything that still waits. What a store has stays there; of the rest, what was never sent is withdrawn. What
 * was sent goes on with the next connection, unless there is none to come: the session owes it to the server
 * [MQTT-4.4.0-1].
 */
export function abandon(machine: Machine, error: MqttError, isFinal: boolean): void {
  const { state, options } = machine;
  loseConnection(machine, error);
  for (const message of [...state.waiting.toArray(), ...inOrderOfSending(machine)]) {
    if (message.stage === 'ended') continue;
    const isStored = options.persists && message.sequence !== 0;
    if (message.stage === 'waiting' && !isStored) drop(machine, message, error);
    else if (message.operation !== 0) {
      const isKept = isStored || !isFinal;
      settlePending(machine, message, { error: isKept ? new MessageKeptError(message.topic, error) : error });
    }
  }
  abandonExchanges(machine, error);
}
