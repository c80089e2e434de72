/** The answer to CONNECT. */
import { mayCarry, type ConnackProperties, type ConnectPacket } from '@omqtt/codec';
import { FOREVER_SECONDS } from './broker-limits.ts';
import type { ClientConnection } from './client-connection.ts';
import type { Engine } from './engine.ts';
import { withNote, type Refusal } from './refusal.ts';
import { openSession } from './session-life.ts';
import { InboundAliases, OutboundAliases } from './topic-aliases.ts';

export interface Acceptance {
  /** The broker chose it. */
  readonly assignedClientId?: string;
  /** What the mechanism has to say at the end. */
  readonly authenticationData?: Uint8Array | undefined;
}

/** CONNACK is the first packet, and what waited for the client comes behind it [MQTT-3.2.0-1]. */
export function acceptConnection(engine: Engine, connection: ClientConnection, acceptance: Acceptance): void {
  const { request } = connection;
  if (!request || !connection.isOpen) return;
  const { session, isPresent } = openSession(engine, connection, request.cleanStart);
  session.expirySeconds = grantedExpirySeconds(engine, request);
  session.connection = connection;
  connection.session = session;
  connection.will = request.will;
  engine.connected += 1;
  engine.counters.connectionsAccepted += 1;
  announceLimits(engine, connection, request);
  connection.settle();
  const properties =
    request.version === '5.0' ? connackProperties(engine, connection, { request, acceptance }) : undefined;
  connection.send({ type: 'connack', sessionPresent: isPresent, reasonCode: 0, ...(properties && { properties }) });
  // The client may have no room for CONNACK.
  if (!connection.isOpen) return;
  const keepAliveSeconds = engine.limits.serverKeepAliveSeconds ?? request.keepAliveSeconds;
  connection.keepAlive.start(keepAliveOf(request, keepAliveSeconds), () =>
    connection.endForError(0x8d, 'Nothing was heard for one and a half times the keep-alive'),
  );
  session.outbound.attach(connection, request.properties?.receiveMaximum ?? 65_535);
}

/** The connection ends with the code, or what 3.1.1 has for it. */
export function refuseConnection(engine: Engine, connection: ClientConnection, refusal: Refusal): void {
  engine.counters.connectionsRefused += 1;
  if (!connection.isOpen) return;
  const reasonCode = connection.version === '5.0' ? codeOf5(refusal.reasonCode) : codeOf3(refusal.reasonCode);
  if (reasonCode !== undefined) {
    const note = connection.version === '5.0' ? withNote(refusal) : {};
    connection.send({ type: 'connack', sessionPresent: false, reasonCode, ...note });
  }
  connection.close();
}

/** 3.1.1 has sessions without end, and sessions that end with their connection. */
function grantedExpirySeconds(engine: Engine, { version, cleanStart, properties }: ConnectPacket): number {
  const kept = cleanStart ? 0 : FOREVER_SECONDS;
  const wanted = version === '5.0' ? (properties?.sessionExpirySeconds ?? 0) : kept;
  return Math.min(wanted, engine.limits.sessionExpirySeconds);
}

/** A client of 3.1.1 cannot be told another keep-alive. */
function keepAliveOf({ version, keepAliveSeconds }: ConnectPacket, ofServer: number): number {
  return version === '5.0' ? ofServer : keepAliveSeconds;
}

function announceLimits(
  { limits }: Engine,
  connection: ClientConnection,
  { version, properties }: ConnectPacket,
): void {
  connection.requestedExpirySeconds = properties?.sessionExpirySeconds ?? 0;
  if (version === '3.1.1') return;
  connection.receiveMaximum = limits.receiveMaximum;
  connection.inboundAliases = new InboundAliases(limits.topicAliasMaximum);
  const aliases = Math.min(properties?.topicAliasMaximum ?? 0, limits.topicAliasMaximum);
  if (aliases > 0) connection.outboundAliases = new OutboundAliases(aliases);
}

interface Accepted {
  readonly request: ConnectPacket;
  readonly acceptance: Acceptance;
}

/** Only what differs from the default of the standard, so that most answers are short. */
function connackProperties(
  engine: Engine,
  { session, exchange }: ClientConnection,
  accepted: Accepted,
): ConnackProperties {
  const { limits } = engine;
  const { request, acceptance } = accepted;
  const { assignedClientId, authenticationData } = acceptance;
  const wanted = request.properties?.sessionExpirySeconds ?? 0;
  const granted = session?.expirySeconds ?? 0;
  return {
    ...(granted !== wanted && { sessionExpirySeconds: granted }),
    ...(limits.receiveMaximum < 65_535 && { receiveMaximum: limits.receiveMaximum }),
    ...(limits.maximumQoS < 2 && { maximumQoS: limits.maximumQoS as 0 | 1 }),
    ...(!limits.retainAvailable && { retainAvailable: false }),
    maximumPacketBytes: limits.maximumPacketBytes,
    ...(assignedClientId !== undefined && { assignedClientId }),
    ...(limits.topicAliasMaximum > 0 && { topicAliasMaximum: limits.topicAliasMaximum }),
    ...(!limits.wildcardSubscriptions && { wildcardSubscriptionAvailable: false }),
    ...(!limits.subscriptionIdentifiers && { subscriptionIdentifierAvailable: false }),
    ...(!limits.sharedSubscriptions && { sharedSubscriptionAvailable: false }),
    ...(limits.serverKeepAliveSeconds !== undefined && { serverKeepAliveSeconds: limits.serverKeepAliveSeconds }),
    ...(exchange && { authenticationMethod: exchange.method }),
    ...(exchange && authenticationData && { authenticationData }),
  };
}

function codeOf5(reasonCode: number): number {
  return reasonCode >= 0x80 && mayCarry('connack', reasonCode, 'server') ? reasonCode : 0x80;
}

/** The five of 3.1.1 under their names in 5.0; where none fits, the connection just ends [3.1.1 MQTT-3.2.2-6]. */
function codeOf3(reasonCode: number): number | undefined {
  if ([0x84, 0x85, 0x86, 0x87, 0x88].includes(reasonCode)) return reasonCode;
  if ([0x89, 0x97, 0x9f].includes(reasonCode)) return 0x88;
  return reasonCode === 0x8a ? 0x87 : undefined;
}
