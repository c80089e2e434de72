/** Messages from clients. */
import type { PublishPacket, PublishProperties, PubrelPacket } from '@omqtt/codec';
import type { ClientConnection } from './client-connection.ts';
import { distribute } from './distribution.ts';
import type { Engine } from './engine.ts';
import { askHook, verdictOf, whenKnown } from './hooks.ts';
import { Message } from './message.ts';
import { notKnown, withNote, type Refused } from './refusal.ts';
import { retain } from './retaining.ts';

export function receivePublish(
  engine: Engine,
  connection: ClientConnection,
  packet: PublishPacket,
): void | Promise<void> {
  const { qos, packetId = 0 } = packet;
  engine.counters.publishReceived += 1;
  const topic = connection.inboundAliases.resolve(packet);
  if (typeof topic === 'number') {
    return connection.endForError(topic, 'The topic alias is above the maximum, or was never set');
  }
  const limitCode = brokenLimit(engine, connection, packet);
  if (limitCode !== undefined) return connection.endForError(limitCode, limitReasons[limitCode] ?? '');
  if (qos > 0) connection.unacknowledged.add(packetId);
  // Taken over already: only the answer was lost [MQTT-4.3.3-10].
  if (qos === 2 && connection.session?.inboundIds.has(packetId)) {
    return connection.send({ type: 'pubrec', packetId, reasonCode: 0 });
  }
  return whenKnown(judge(engine, connection, { packet, topic }), (refused) => {
    if (!connection.isOpen) return undefined;
    if (refused) return refusePublish(connection, packet, refused);
    return takeOver(engine, connection, { packet, topic });
  });
}

/** The message was delivered before; its id is free again [MQTT-4.3.3-11]. */
export function receivePubrel(connection: ClientConnection, { packetId }: PubrelPacket): void {
  const isKnown = connection.session?.inboundIds.delete(packetId) === true || connection.version === '3.1.1';
  const answer = isKnown ? { reasonCode: 0 } : notKnown;
  connection.send({ type: 'pubcomp', packetId, ...answer });
}

interface Publication {
  readonly packet: PublishPacket;
  /** Also where the packet has only an alias. */
  readonly topic: string;
}

const limitReasons: Readonly<Record<number, string>> = {
  0x93: 'More messages are unacknowledged than the receive maximum allows',
  0x9a: 'Messages cannot be retained here',
  0x9b: 'The QoS is above the maximum',
};

function brokenLimit({ limits }: Engine, connection: ClientConnection, packet: PublishPacket): number | undefined {
  const { qos, packetId = 0 } = packet;
  const { unacknowledged, receiveMaximum } = connection;
  if (qos > limits.maximumQoS) return 0x9b;
  if (packet.retain && !limits.retainAvailable) return 0x9a;
  if (qos > 0 && unacknowledged.size >= receiveMaximum && !unacknowledged.has(packetId)) return 0x93;
  return undefined;
}

type Judgement = Refused | undefined;

function judge(engine: Engine, connection: ClientConnection, publication: Publication): Judgement | Promise<Judgement> {
  const { packet, topic } = publication;
  const { authorize } = engine.options;
  const { clientId, username } = connection;
  const refusal = engine.faults.takeRefusal(packet, clientId);
  if (refusal) return refusal;
  if (topic.startsWith('$SYS/')) return { reasonCode: 0x87, reasonString: 'These topics are the broker’s own' };
  if (!authorize) return undefined;
  const question = { action: 'publish', clientId, username, topic, qos: packet.qos, retain: packet.retain } as const;
  const verdict = askHook(engine, () => authorize(question), { reasonCode: 0x80 });
  return verdict instanceof Promise ? verdict.then((known) => verdictOf(known, 0x87)) : verdictOf(verdict, 0x87);
}

/** 3.1.1 cannot refuse a message: it is acknowledged and dropped [3.1.1 MQTT-3.3.5-2]; nor can QoS 0. */
function refusePublish(connection: ClientConnection, { qos, packetId = 0 }: PublishPacket, refused: Refused): void {
  if (qos === 0) return;
  // It was not judged at all: an acknowledgement would be a lie [3.1.1 MQTT-4.8.0-2].
  const isFailure = connection.version === '3.1.1' && refused.reasonCode === 0x80;
  if (isFailure) connection.endForError(0x80, 'The message could not be judged');
  acknowledge(connection, { qos, packetId, ...refused });
}

function takeOver(engine: Engine, connection: ClientConnection, { packet, topic }: Publication): void {
  const { payload, qos, packetId = 0, properties } = packet;
  const message = new Message({
    topic,
    payload,
    qos,
    retain: packet.retain,
    properties: properties && withoutAlias(properties),
    receivedAt: engine.clock.now(),
  });
  const isKept = retain(engine, message);
  if (!isKept && qos > 0 && connection.version === '5.0') {
    refusePublish(connection, packet, { reasonCode: 0x97, reasonString: 'No more messages can be retained' });
    return;
  }
  const { recipients, slowest } = distribute(engine, message, connection.session);
  if (qos !== 0) acknowledge(connection, { qos, packetId, reasonCode: recipients === 0 ? 0x10 : 0 });
  if (slowest) connection.holdFor(new Promise((resolve) => slowest.relief.wait(resolve)));
}

interface Acknowledgement extends Refused {
  readonly qos: 1 | 2;
  readonly packetId: number;
}

function acknowledge(connection: ClientConnection, { qos, packetId, reasonCode, ...note }: Acknowledgement): void {
  const type = qos === 1 ? 'puback' : 'pubrec';
  if (qos === 2 && reasonCode < 0x80) connection.session?.inboundIds.add(packetId);
  if (connection.version === '5.0') connection.send({ type, packetId, reasonCode, ...withNote(note) });
  else connection.send({ type, packetId, reasonCode: 0 });
}

/** An alias belongs to the connection it came on. */
function withoutAlias(properties: PublishProperties): PublishProperties | undefined {
  if (properties.topicAlias === undefined) return properties;
  const { topicAlias, ...rest } = properties;
  return Object.keys(rest).length > 0 ? rest : undefined;
}
