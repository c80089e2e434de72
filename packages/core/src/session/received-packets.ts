/** What the server sends, led to the flow that it belongs to. */
import { isFailure, MalformedPacketError, mayCarry, MqttError, type DisconnectPacket, type Packet } from '@omqtt/codec';
import { receiveAuth } from './authentication.ts';
import { ProtocolError, ServerDisconnectError } from './errors.ts';
import { receiveConnack } from './handshake.ts';
import { receivePublish, receivePubrel } from './inbound.ts';
import { receivePingresp } from './keep-alive.ts';
import { checkMove } from './legal-moves.ts';
import { close, type Machine, send } from './machine.ts';
import { append } from './on-demand-list.ts';
import { flush } from './outbound.ts';
import { receivePuback, receivePubcomp, receivePubrec } from './outbound-answers.ts';
import { isRetryable } from './reason-policy.ts';
import { flushExchanges, receiveSubscribeAck } from './subscriptions.ts';

/** Throws nothing: a packet that may not come ends the connection with the reason. */
export function receive(machine: Machine, packet: Packet): void {
  const { connection } = machine;
  // What follows the last word is not heard.
  if (connection === undefined || connection.phase === 'closing') return;
  connection.lastReceivedAt = machine.now;
  try {
    checkMove(connection.phase, packet.type);
    if (connection.phase === 'verifying' && packet.type !== 'disconnect') {
      connection.held = append(connection.held, packet);
      return;
    }
    checkProblemInformation(machine, packet);
    dispatch(machine, packet);
  } catch (error) {
    blame(machine, error);
  }
}

/** Ends the connection if the peer is at fault. Anything else is a bug of ours, and must not look like a fault of the peer. */
export function blame(machine: Machine, error: unknown): void {
  if (!(error instanceof MqttError)) throw error;
  fail(machine, error);
}

/** The peer sent what is not MQTT, or broke its rules: it is told why, and the connection ends. */
export function fail(machine: Machine, error: MqttError): void {
  const { connection } = machine;
  if (connection === undefined || connection.phase === 'closing') return;
  // A server that knows only 3.1.1 says so in its own words, and would not understand a DISCONNECT of 5.0.
  if (error instanceof MalformedPacketError && error.problem === 'unsupported-protocol') {
    receiveConnack(machine, { type: 'connack', sessionPresent: false, reasonCode: error.reasonCode });
    return;
  }
  // 3.1.1 has no way to say why.
  if (connection.version === '5.0') {
    const wanted = error.reasonCode ?? 0x80;
    const fallback = error instanceof MalformedPacketError ? 0x81 : 0x82;
    const reasonCode = mayCarry('disconnect', wanted, 'client') ? wanted : fallback;
    send(machine, connection, { type: 'disconnect', reasonCode });
  }
  close(machine, error);
}

// [MQTT-3.1.2-29] Who asked for no problem information must not be sent any.
function checkProblemInformation(machine: Machine, packet: Packet): void {
  const isWanted = machine.connection?.request.properties.requestProblemInformation ?? true;
  if (isWanted || packet.type === 'publish' || packet.type === 'connack' || packet.type === 'disconnect') return;
  const properties: object | undefined = 'properties' in packet ? packet.properties : undefined;
  if (properties === undefined || !('reasonString' in properties || 'userProperties' in properties)) return;
  throw new ProtocolError({
    message: `${packet.type.toUpperCase()} explains itself, and no explanations were asked for`,
    statement: 'MQTT-3.1.2-29',
  });
}

function dispatch(machine: Machine, packet: Packet): void {
  switch (packet.type) {
    case 'publish':
      return receivePublish(machine, packet);
    case 'puback':
      receivePuback(machine, packet);
      break;
    case 'pubrec':
      receivePubrec(machine, packet);
      break;
    case 'pubcomp':
      receivePubcomp(machine, packet);
      break;
    case 'pubrel':
      return receivePubrel(machine, packet.packetId);
    case 'suback':
    case 'unsuback':
      receiveSubscribeAck(machine, packet);
      break;
    case 'connack':
      return receiveConnack(machine, packet);
    case 'auth':
      return receiveAuth(machine, packet);
    case 'disconnect':
      return receiveDisconnect(machine, packet);
    default:
      return receivePingresp(machine);
  }
  // An answer may have freed a slot or an id. Messages come last: enough of them would take every id there is.
  flushExchanges(machine);
  flush(machine);
}

// Never answered [MQTT-3.14.4-2]: the connection just ends.
function receiveDisconnect(machine: Machine, { reasonCode, properties }: DisconnectPacket): void {
  const retryable = !isFailure(reasonCode) || isRetryable(reasonCode);
  const error = new ServerDisconnectError({ reasonCode, retryable, ...properties });
  close(machine, error);
}
