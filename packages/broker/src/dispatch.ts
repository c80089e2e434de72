/** Who handles which packet, and which packets are allowed when. */
import type { DisconnectPacket, Packet } from '@omqtt/codec';
import { receivePuback, receivePubcomp, receivePubrec } from './acknowledgements.ts';
import { receiveAuth } from './authentication-flow.ts';
import type { ClientConnection } from './client-connection.ts';
import type { Engine } from './engine.ts';
import { receiveConnect } from './handshake.ts';
import { receivePublish, receivePubrel } from './inbound.ts';
import { receiveSubscribe, receiveUnsubscribe } from './subscribing.ts';

/** A promise: the next packet has to wait until it settles. */
export function handlePacket(engine: Engine, connection: ClientConnection, packet: Packet): void | Promise<void> {
  if (connection.phase === 'connected') return handleConnected(engine, connection, packet);
  if (connection.phase === 'authenticating') {
    if (packet.type === 'auth') return receiveAuth(engine, connection, packet);
    // A client may give up its authentication.
    return connection.close();
  }
  if (packet.type === 'connect') return receiveConnect(engine, connection, packet);
  // [MQTT-3.1.0-1]
  return connection.close();
}

function handleConnected(engine: Engine, connection: ClientConnection, packet: Packet): void | Promise<void> {
  switch (packet.type) {
    case 'publish':
      return receivePublish(engine, connection, packet);
    case 'puback':
      return receivePuback(connection, packet);
    case 'pubrec':
      return receivePubrec(connection, packet);
    case 'pubrel':
      return receivePubrel(connection, packet);
    case 'pubcomp':
      return receivePubcomp(connection, packet);
    case 'subscribe':
      return receiveSubscribe(engine, connection, packet);
    case 'unsubscribe':
      return receiveUnsubscribe(engine, connection, packet);
    case 'pingreq':
      return connection.send({ type: 'pingresp' });
    case 'auth':
      return receiveAuth(engine, connection, packet);
    case 'disconnect':
      return receiveDisconnect(engine, connection, packet);
    // A second CONNECT [MQTT-3.1.0-2], or what only servers send.
    case 'connect':
    case 'connack':
    case 'suback':
    case 'unsuback':
    case 'pingresp':
      return connection.endForError(0x82, `${packet.type.toUpperCase()} is not allowed here`);
  }
}

/** A goodbye takes the will with it, unless it asks for it with 0x04 [MQTT-3.14.4-3]. */
function receiveDisconnect(engine: Engine, connection: ClientConnection, packet: DisconnectPacket): void {
  const { session, requestedExpirySeconds } = connection;
  const expirySeconds = packet.properties?.sessionExpirySeconds;
  if (expirySeconds !== undefined && expirySeconds > 0 && requestedExpirySeconds === 0) {
    connection.endForError(0x82, 'A session that was to end with the connection cannot be kept');
    return;
  }
  if (session && expirySeconds !== undefined) {
    session.expirySeconds = Math.min(expirySeconds, engine.limits.sessionExpirySeconds);
  }
  if (packet.reasonCode === 0) connection.will = undefined;
  connection.close();
}
