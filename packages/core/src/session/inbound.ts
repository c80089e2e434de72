/** Messages that the server sends: from PUBLISH to the acknowledgement, in the order they came (§4.6). */
import { isFailure, type AckProperties, type Packet, type PublishPacket } from '@omqtt/codec';
import { ProtocolError } from './errors.ts';
import { explainWithin } from './explanations.ts';
import { type ConnectionState, type Machine, openConnection, persist, send } from './machine.ts';

/** A message in the hands of the client. It is acknowledged when the client says so, and when its turn has come. */
export interface Delivery {
  readonly type: 'message';
  /** With its topic in full. */
  readonly message: PublishPacket;
  /** The connection on which it came last. */
  connection: number;
  state: 'open' | 'acknowledged' | 'stale';
  reasonCode: number;
  properties: AckProperties | undefined;
}

export interface Acknowledgement {
  /** Default: success. */
  readonly reasonCode?: number | undefined;
  readonly properties?: AckProperties | undefined;
}

/**
 * Whether it is a message at QoS 0 that needs nothing of the session: its topic is there in full, nobody answers it, and
 * nothing stands before it. It can be handed on as it is, which spares most of what a message costs.
 */
export function passesThrough(machine: Machine, packet: Packet): packet is PublishPacket {
  const connection = openConnection(machine);
  if (packet.type !== 'publish' || packet.qos !== 0 || connection === undefined) return false;
  if (!machine.effects.isEmpty || packet.properties?.topicAlias !== undefined) return false;
  connection.lastReceivedAt = machine.now;
  return true;
}

export function receivePublish(machine: Machine, packet: PublishPacket): void {
  const connection = openConnection(machine);
  if (connection === undefined) return;
  const topic = connection.inboundAliases.resolve(packet.topic, packet.properties?.topicAlias);
  const message = topic === packet.topic ? packet : { ...packet, topic };
  const { qos, packetId } = message;
  if (qos === 0 || packetId === undefined) {
    machine.effects.deliver(newDelivery(connection, message, 'acknowledged'));
    return;
  }
  if (qos === 1) {
    checkWindow(machine, connection);
    const delivery = newDelivery(connection, message, 'open');
    connection.unacknowledged.qos1.push(delivery);
    machine.effects.deliver(delivery);
    return;
  }
  receiveOnce(machine, connection, message);
  flushAcknowledgements(machine);
}

// [MQTT-4.3.3-10] Until PUBREL a message with the same id is the same message: acknowledged again, delivered once.
function receiveOnce(machine: Machine, connection: ConnectionState, message: PublishPacket): void {
  const { packetId } = message;
  if (packetId === undefined) return;
  const { deliveries, received } = machine.state;
  const known = deliveries.get(packetId);
  // A repetition on the same connection; the acknowledgement is on its way.
  if (known !== undefined && known.connection === connection.number) return;
  if (!connection.slots.has(packetId)) {
    checkWindow(machine, connection);
    connection.slots.add(packetId);
  }
  if (known !== undefined) {
    // The handler of the last connection still has it; its answer will do for this one.
    known.connection = connection.number;
    connection.unacknowledged.qos2.push(known);
    return;
  }
  const isRepetition = received.has(packetId);
  const delivery = newDelivery(connection, message, isRepetition ? 'acknowledged' : 'open');
  connection.unacknowledged.qos2.push(delivery);
  if (isRepetition) return;
  deliveries.set(packetId, delivery);
  machine.effects.deliver(delivery);
}

function newDelivery(connection: ConnectionState, message: PublishPacket, state: Delivery['state']): Delivery {
  return { type: 'message', message, connection: connection.number, state, reasonCode: 0, properties: undefined };
}

/**
 * [MQTT-3.3.4-9] What this side announced as Receive Maximum binds the server, but nothing can be announced in 3.1.1, and
 * some servers lose count: with each answer, and with each connection of a session, they have the whole maximum to give
 * anew. To end the connection for it would not help, since then it all comes again. So a server is held to its word until
 * it has had an answer; later the excess is borne, and the network is where it waits.
 */
function checkWindow(machine: Machine, { bearsExcess, unacknowledged, slots, version }: ConnectionState): void {
  const most = bearsExcess ? PACKET_IDS : machine.options.receiveMaximum;
  if (unacknowledged.qos1.length + slots.size < most) return;
  throw new ProtocolError({
    message: `it sent more than ${most} messages without waiting for acknowledgements`,
    reasonCode: 0x93,
    statement: version === '5.0' ? 'MQTT-3.3.4-9' : 'MQTT-2.3.1-4',
  });
}

const PACKET_IDS = 65_535;

/**
 * Whether a server that has more in flight than it should has to wait at the network. Not while one of its answers is waited
 * for: that stands behind the messages, and who waits for it may be the one who has them in hand.
 */
export function hasEnough(machine: Machine): boolean {
  const connection = openConnection(machine);
  if (connection?.bearsExcess !== true) return false;
  const { version, unacknowledged, pings } = connection;
  // In 5.0 a server that keeps to the maximum is always read: it has more to say than messages.
  const most = machine.options.receiveMaximum + (version === '5.0' ? 1 : 0);
  if (unacknowledged.qos1.length + unacknowledged.qos2.length < most) return false;
  const { inFlight, exchanges, expected } = machine.state;
  const isAsked = pings.find(({ operation }) => operation !== 0) !== undefined;
  return inFlight.size === 0 && exchanges.size === 0 && expected === 0 && !isAsked;
}

/** The client has done with the message. Says whether that still matters to the server. */
export function acknowledge(machine: Machine, delivery: Delivery, answer: Acknowledgement): boolean {
  if (delivery.state !== 'open') return false;
  const { message, connection } = delivery;
  const isCurrent = machine.connection?.number === connection;
  // 3.1.1 has no way to say no: a refusal is as good as a success there.
  const said = machine.connection?.version === '3.1.1' ? {} : answer;
  delivery.reasonCode = said.reasonCode ?? 0;
  delivery.properties = said.properties;
  if (message.qos === 1 && !isCurrent) {
    // The server sends it again on the next connection, as a new message.
    delivery.state = 'stale';
    return false;
  }
  delivery.state = 'acknowledged';
  if (message.qos === 2) takeOver(machine, delivery);
  if (isCurrent) flushAcknowledgements(machine);
  return true;
}

// Recorded as soon as the handler is done, connected or not: when the server repeats the message, it is a repetition.
function takeOver(machine: Machine, { message, reasonCode }: Delivery): void {
  const { packetId } = message;
  if (packetId === undefined) return;
  machine.state.deliveries.delete(packetId);
  if (isFailure(reasonCode)) return;
  machine.state.received.add(packetId);
  persist(machine, { type: 'received', packetId });
}

/** Sends the acknowledgements whose turn has come [MQTT-4.6.0-2, MQTT-4.6.0-3]. */
export function flushAcknowledgements(machine: Machine): void {
  const connection = openConnection(machine);
  if (connection === undefined) return;
  const { qos1, qos2 } = connection.unacknowledged;
  while (qos1.first?.state === 'acknowledged') sendAck(machine, connection, qos1.shift());
  while (qos2.first?.state === 'acknowledged') sendAck(machine, connection, qos2.shift());
}

function sendAck(machine: Machine, connection: ConnectionState, delivery: Delivery | undefined): void {
  const packetId = delivery?.message.packetId;
  if (delivery === undefined || packetId === undefined) return;
  const { properties, message, reasonCode } = delivery;
  const type = message.qos === 1 ? 'puback' : 'pubrec';
  if (type === 'pubrec' && isFailure(reasonCode)) connection.slots.delete(packetId);
  if (type === 'puback' || isFailure(reasonCode)) connection.bearsExcess = true;
  if (properties === undefined) send(machine, connection, { type, packetId, reasonCode });
  else send(machine, connection, explainWithin(connection, { type, packetId, reasonCode, properties }));
}

export function receivePubrel(machine: Machine, packetId: number): void {
  const connection = openConnection(machine);
  if (connection === undefined) return;
  const isKnown = machine.state.received.delete(packetId);
  if (isKnown) persist(machine, { type: 'forget', packetId });
  connection.slots.delete(packetId);
  connection.bearsExcess = true;
  const reasonCode = isKnown || connection.version === '3.1.1' ? 0 : 0x92;
  // [MQTT-4.3.3-11] Answered even when the id is not known any more.
  send(machine, connection, { type: 'pubcomp', packetId, reasonCode });
}

/** A new session knows none of the old messages. */
export function forgetInbound(machine: Machine): void {
  const { deliveries, received } = machine.state;
  for (const delivery of deliveries.values()) delivery.state = 'stale';
  deliveries.clear();
  if (received.size > 0) persist(machine, { type: 'forget-all' });
  received.clear();
}
