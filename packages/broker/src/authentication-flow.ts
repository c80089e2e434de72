/** Enhanced authentication of 5.0 (§4.12): AUTH packets until a mechanism is satisfied, at CONNECT and again later. */
import type { AuthPacket } from '@omqtt/codec';
import { acceptConnection, refuseConnection, type Acceptance } from './acceptance.ts';
import type { ClientConnection } from './client-connection.ts';
import type { AuthenticationExchange, ExchangeStep } from './enhanced-authentication.ts';
import type { Engine } from './engine.ts';
import { askHook, whenKnown } from './hooks.ts';
import { withNote, type Refused } from './refusal.ts';

export interface Exchange {
  readonly method: string;
  readonly acceptance: Acceptance;
  /** Nothing while no exchange goes on. */
  readonly steps: AuthenticationExchange | undefined;
  readonly isReauthentication: boolean;
}

export interface WantedExchange {
  readonly method: string;
  readonly acceptance: Acceptance;
}

export function beginExchange(
  engine: Engine,
  connection: ClientConnection,
  wanted: WantedExchange,
): void | Promise<void> {
  const { method } = wanted;
  const mechanism = Object.hasOwn(engine.options.mechanisms, method) ? engine.options.mechanisms[method] : undefined;
  // [MQTT-4.12.0-1]
  if (!mechanism) return refuseConnection(engine, connection, { reasonCode: 0x8c });
  connection.phase = 'authenticating';
  return start(engine, connection, { ...wanted, steps: undefined, isReauthentication: false });
}

/** An answer to a challenge, or the wish to authenticate again. */
export function receiveAuth(engine: Engine, connection: ClientConnection, packet: AuthPacket): void | Promise<void> {
  const { exchange } = connection;
  const { authenticationMethod, authenticationData } = packet.properties;
  // [MQTT-4.12.0-5] [MQTT-4.12.1-1]
  if (exchange?.method !== authenticationMethod) {
    return fail(engine, connection, { reasonCode: 0x82, reasonString: 'The method is not that of the CONNECT' });
  }
  const isBeginning = packet.reasonCode === 0x19;
  if (isBeginning === (exchange.steps !== undefined)) {
    return fail(engine, connection, { reasonCode: 0x82, reasonString: 'This AUTH does not fit the exchange' });
  }
  if (!isBeginning) return proceed(engine, connection, authenticationData);
  return start(engine, connection, { ...exchange, isReauthentication: true }, authenticationData);
}

// oxlint-disable-next-line max-params -- the data is there only when the client begins
function start(
  engine: Engine,
  connection: ClientConnection,
  exchange: Exchange,
  data: Uint8Array | undefined = connection.request?.properties?.authenticationData,
): void | Promise<void> {
  const { clientId, username, transport } = connection;
  const { isReauthentication, method } = exchange;
  const mechanism = engine.options.mechanisms[method];
  const begun = askHook(
    engine,
    () => mechanism?.({ clientId, username, info: transport.info, isReauthentication }),
    undefined,
  ) as AuthenticationExchange | undefined;
  if (!begun) return fail(engine, connection, { reasonCode: 0x80 });
  connection.exchange = { ...exchange, steps: begun };
  return proceed(engine, connection, data);
}

function proceed(engine: Engine, connection: ClientConnection, data: Uint8Array | undefined): void | Promise<void> {
  const steps = connection.exchange?.steps;
  if (!steps) return undefined;
  const step = askHook<ExchangeStep>(engine, () => steps.next(data), { type: 'failure', reasonCode: 0x80 });
  return whenKnown(step, (known) => conclude(engine, connection, known));
}

function conclude(engine: Engine, connection: ClientConnection, step: ExchangeStep): void {
  const { exchange } = connection;
  if (!exchange || !connection.isOpen) return;
  if (step.type === 'failure') {
    const { type: _, reasonCode = 0x87, ...note } = step;
    fail(engine, connection, { reasonCode, ...note });
    return;
  }
  const { method, acceptance, isReauthentication } = exchange;
  const data = step.data && { authenticationData: step.data };
  const properties = { ...withNote(step).properties, authenticationMethod: method, ...data };
  if (step.type === 'challenge') {
    connection.send({ type: 'auth', reasonCode: 0x18, properties });
    return;
  }
  connection.exchange = { ...exchange, steps: undefined };
  if (isReauthentication) connection.send({ type: 'auth', reasonCode: 0, properties });
  else acceptConnection(engine, connection, { ...acceptance, authenticationData: step.data });
}

/** Before CONNACK it is the answer [MQTT-4.12.0-4]; afterwards it is the end of the connection [MQTT-4.12.1-2]. */
function fail(engine: Engine, connection: ClientConnection, failure: Refused): void {
  if (connection.phase === 'authenticating') {
    refuseConnection(engine, connection, failure);
    return;
  }
  const { properties } = withNote({ reasonString: 'The authentication failed', ...failure });
  connection.end(failure.reasonCode, properties);
}
