/** CONNECT: what it asks for is checked, and whoever sent it is let in or not (§3.1.4). */
import { randomUUID } from 'node:crypto';
import type { ConnectPacket } from '@omqtt/codec';
import { acceptConnection, refuseConnection, type Acceptance } from './acceptance.ts';
import { beginExchange } from './authentication-flow.ts';
import type { ClientConnection } from './client-connection.ts';
import type { Engine } from './engine.ts';
import { askHook, verdictOf, whenKnown } from './hooks.ts';
import type { Refusal } from './refusal.ts';

export function receiveConnect(
  engine: Engine,
  connection: ClientConnection,
  packet: ConnectPacket,
): void | Promise<void> {
  introduce(connection, packet);
  const refusal = engine.faults.takeRefusal(packet, packet.clientId) ?? problemOf(engine, packet);
  if (refusal) return refuseConnection(engine, connection, refusal);
  const acceptance: Acceptance = packet.clientId === '' ? { assignedClientId: connection.clientId } : {};
  const method = packet.properties?.authenticationMethod;
  if (method !== undefined) return beginExchange(engine, connection, { method, acceptance });
  return whenKnown(judge(engine, connection, packet), (judgement) => {
    if (judgement) refuseConnection(engine, connection, judgement);
    else acceptConnection(engine, connection, acceptance);
  });
}

function introduce(connection: ClientConnection, packet: ConnectPacket): void {
  const { version, clientId, username, properties } = packet;
  connection.version = version;
  // The id is used as if the client had sent it [MQTT-3.1.3-7].
  connection.clientId = clientId === '' ? `auto-${randomUUID()}` : clientId;
  connection.username = username;
  connection.request = packet;
  connection.wantsProblemInformation = properties?.requestProblemInformation ?? true;
  connection.maximumPacketBytes = properties?.maximumPacketBytes ?? Infinity;
  connection.output.speak(version, connection.maximumPacketBytes);
}

/** What speaks against the CONNECT, whoever sent it. */
function problemOf(engine: Engine, { version, clientId, cleanStart, will }: ConnectPacket): Refusal | undefined {
  const { limits, sessions, connected } = engine;
  // [3.1.1 MQTT-3.1.3-8]
  if (version === '3.1.1' && clientId === '' && !cleanStart) return { reasonCode: 0x85 };
  if (will && will.qos > limits.maximumQoS) return { reasonCode: 0x9b };
  if (will?.retain && !limits.retainAvailable) return { reasonCode: 0x9a };
  const known = sessions.get(clientId);
  if (!known?.connection && connected >= limits.connections) {
    return { reasonCode: 0x97, reasonString: 'The broker has as many connections as it may' };
  }
  if (!known && sessions.size >= limits.sessions) {
    return { reasonCode: 0x97, reasonString: 'The broker has as many sessions as it may' };
  }
  return undefined;
}

type Judgement = Refusal | undefined;

function judge(engine: Engine, connection: ClientConnection, connect: ConnectPacket): Judgement | Promise<Judgement> {
  const { authenticate } = engine.options;
  if (!authenticate) return judgeWill(engine, connection);
  const { clientId, username, password } = connect;
  const request = { clientId, username, password, connect, info: connection.transport.info };
  const verdict = askHook(engine, () => authenticate(request), { reasonCode: 0x80 });
  if (!(verdict instanceof Promise)) return verdictOf(verdict, 0x86) ?? judgeWill(engine, connection);
  return verdict.then((known) => verdictOf(known, 0x86) ?? judgeWill(engine, connection));
}

/** A will that may not be published is refused while its owner is there to hear it. */
function judgeWill(engine: Engine, { request, clientId, username }: ClientConnection): Judgement | Promise<Judgement> {
  const { authorize } = engine.options;
  const will = request?.will;
  if (!authorize || !will) return undefined;
  const { topic, qos, retain } = will;
  const question = { action: 'will', clientId, username, topic, qos, retain } as const;
  const verdict = askHook(engine, () => authorize(question), { reasonCode: 0x80 });
  return verdict instanceof Promise ? verdict.then((known) => verdictOf(known, 0x87)) : verdictOf(verdict, 0x87);
}
