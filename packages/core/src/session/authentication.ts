/** Enhanced authentication (§4.12), before CONNACK and again later. The mechanism itself belongs to the client. */
import type { AuthPacket, AuthProperties, ConnackPacket } from '@omqtt/codec';
import { AuthenticationError, InvalidStateError, ProtocolError } from './errors.ts';
import { close, type ConnectionState, type Machine, openConnection, send, settlePending } from './machine.ts';

const SUCCESS = 0x00;
const CONTINUE = 0x18;
const REAUTHENTICATE = 0x19;

export function receiveAuth(machine: Machine, packet: AuthPacket): void {
  const { connection } = machine;
  if (connection === undefined) return;
  checkMethod(connection, packet.properties.authenticationMethod, 'AUTH');
  const data = packet.properties.authenticationData;
  if (connection.phase === 'connecting') {
    if (packet.reasonCode !== CONTINUE) {
      throw new ProtocolError({ message: 'it ended the authentication before CONNACK', statement: 'MQTT-4.12.0-2' });
    }
    machine.effects.deliver({ type: 'challenge', data });
    return;
  }
  if (connection.reauthentication === undefined) {
    throw new ProtocolError({ message: 'it sent AUTH although no authentication was under way' });
  }
  machine.effects.deliver({ type: packet.reasonCode === SUCCESS ? 'authenticated' : 'challenge', data });
}

/** Whether the server's proof in CONNACK has to be looked at before anything else happens. */
export function needsVerification(connection: ConnectionState, connack: ConnackPacket): boolean {
  const method = connack.properties?.authenticationMethod;
  const own = connection.request.properties.authenticationMethod;
  if (own === undefined && method === undefined) return false;
  checkMethod(connection, method, 'CONNACK');
  return true;
}

// [MQTT-4.12.0-5] One method for the whole connection; [MQTT-4.12.0-6] none when CONNECT named none.
function checkMethod({ request }: ConnectionState, method: string | undefined, packet: string): void {
  const own = request.properties.authenticationMethod;
  if (own === undefined) {
    throw new ProtocolError({
      message: `it sent ${packet} with an authentication method, and CONNECT had none`,
      statement: 'MQTT-4.12.0-6',
    });
  }
  if (method !== own) {
    throw new ProtocolError({
      message: `it sent ${packet} with another authentication method than CONNECT`,
      statement: 'MQTT-4.12.0-5',
    });
  }
}

/** Answers a challenge [MQTT-4.12.0-3]. Too late, it is nothing. */
export function continueAuthentication(machine: Machine, data: Uint8Array | undefined): void {
  const connection = authenticating(machine);
  if (connection !== undefined) send(machine, connection, authPacket(connection, CONTINUE, data));
}

/** Begins anew on a live connection; other traffic goes on. The operation settles when the server's proof is confirmed. */
export function reauthenticate(machine: Machine, operation: number, data: Uint8Array | undefined): void {
  const connection = openConnection(machine);
  if (connection === undefined) throw new InvalidStateError('there is no connection to authenticate on');
  if (connection.request.properties.authenticationMethod === undefined) {
    throw new InvalidStateError(
      'this connection was made without `auth`, so there is nothing to repeat [MQTT-4.12.0-7]',
    );
  }
  if (connection.reauthentication !== undefined) {
    throw new InvalidStateError('an authentication is under way: wait for it to end');
  }
  connection.reauthentication = { operation };
  send(machine, connection, authPacket(connection, REAUTHENTICATE, data));
}

/** The client found the proof of the server sound. */
export function confirmReauthentication(machine: Machine): void {
  const connection = openConnection(machine);
  if (connection?.reauthentication === undefined) return;
  settlePending(machine, connection.reauthentication, {});
  connection.reauthentication = undefined;
}

/** The client's mechanism gave up, or its user did: the connection ends [MQTT-4.12.1-2]. Too late, it is nothing. */
export function failAuthentication(machine: Machine, cause: unknown): void {
  const connection = authenticating(machine);
  if (connection === undefined) return;
  const error = new AuthenticationError('the client gave up', cause);
  // A client has no finer code: 0x87 is for servers.
  send(machine, connection, { type: 'disconnect', reasonCode: 0x80 });
  close(machine, error);
}

// A mechanism takes its time, and the connection may have ended meanwhile.
function authenticating({ connection }: Machine): ConnectionState | undefined {
  if (connection?.request.properties.authenticationMethod === undefined || connection.phase === 'closing') {
    return undefined;
  }
  return connection.isEstablished && connection.reauthentication === undefined ? undefined : connection;
}

function authPacket({ request }: ConnectionState, reasonCode: number, data: Uint8Array | undefined): AuthPacket {
  const properties: AuthProperties = {
    // Whoever sends AUTH has seen that there is a method.
    authenticationMethod: request.properties.authenticationMethod ?? '',
    ...(data && { authenticationData: data }),
  };
  return { type: 'auth', reasonCode, properties };
}
