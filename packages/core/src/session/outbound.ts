/** Messages that this side publishes: from the call to the final acknowledgement. */
import type { MqttError, PublishPacket, PublishProperties, QoS } from '@omqtt/codec';
import type { StoredMessage } from '@omqtt/contracts/session-store';
import { MessageDroppedError, MessageExpiredError } from './errors.ts';
import { type ConnectionState, type Machine, openConnection, persist, send } from './machine.ts';
import { type AliasPolicy, end, type OutboundMessage, restoredMessage, takeTurn } from './outbound-message.ts';
import { checkOwnProperties, checkPublishLimits, hasRoomForAlias } from './publish-limits.ts';
import { isBehindUnread } from './unread.ts';
import { enqueue, forgetWaiting, makeRoom } from './waiting.ts';

export interface PublishCommand {
  readonly operation: number;
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: QoS;
  readonly retain: boolean;
  readonly properties?: PublishProperties | undefined;
  readonly alias: AliasPolicy;
}

/**
 * Takes a message, or says that the queue is full and takes nothing. Throws, before anything is stored, for what the
 * server said it would refuse.
 */
export function publish(machine: Machine, command: PublishCommand): 'accepted' | 'full' {
  const connection = openConnection(machine);
  checkOwnProperties(command.properties);
  if (connection !== undefined) checkPublishLimits(connection, command);
  if (command.qos === 0) return publishOnce(machine, command);
  const message = newMessage(machine, command);
  const isNext = machine.state.waitingMessages === 0 && machine.state.unread === undefined;
  const goesNow = connection !== undefined && isNext && canSend(machine, connection);
  if (!goesNow && !makeRoom(machine, message)) return 'full';
  if (message.stage === 'ended') return 'accepted';
  machine.state.nextSequence += 1;
  if (machine.options.persists) persist(machine, { type: 'put', message: storedForm(message) });
  if (goesNow) sendFirst(machine, connection, message);
  else enqueue(machine, message);
  return 'accepted';
}

function publishOnce(machine: Machine, command: PublishCommand): 'accepted' | 'full' {
  const connection = openConnection(machine);
  if (connection !== undefined) {
    const { topic, payload, retain, properties, alias, operation } = command;
    const packet: PublishPacket =
      properties === undefined
        ? { type: 'publish', topic, payload, qos: 0, retain, dup: false }
        : { type: 'publish', topic, payload, qos: 0, retain, dup: false, properties };
    send(machine, connection, alias === 'never' ? packet : withAlias(connection, packet));
    machine.effects.settle(operation, undefined);
    return 'accepted';
  }
  if (machine.options.queue.qos0 === 'drop') {
    machine.effects.settle(command.operation, undefined, new MessageDroppedError(command.topic, 'offline'));
    return 'accepted';
  }
  const message = newMessage(machine, command);
  if (!makeRoom(machine, message)) return 'full';
  if (message.stage !== 'ended') enqueue(machine, message);
  return 'accepted';
}

function newMessage(machine: Machine, command: PublishCommand): OutboundMessage {
  const { operation, topic, payload, qos, retain, properties, alias } = command;
  const seconds = properties?.messageExpirySeconds;
  return {
    operation,
    sequence: qos === 0 ? 0 : machine.state.nextSequence,
    topic,
    payload,
    qos,
    retain,
    properties,
    alias,
    expiresAt: seconds === undefined ? Infinity : machine.now + seconds * 1000,
    stage: 'waiting',
    packetId: 0,
    turn: 0,
    slotOf: 0,
    received: undefined,
  };
}

function canSend(machine: Machine, connection: ConnectionState): boolean {
  return connection.window.isOpen && connection.resends.length === 0 && !machine.state.packetIds.isExhausted;
}

/** Sends what the window lets through: first what is sent again, then what waits, in order. */
export function flush(machine: Machine): void {
  const connection = openConnection(machine);
  if (connection === undefined) return;
  const { resends, window } = connection;
  while (resends.first !== undefined && (window.isOpen || resends.first.stage === 'released')) {
    const message = resends.shift();
    if (message !== undefined && message.stage !== 'ended') resend(machine, connection, message);
  }
  const { waiting } = machine.state;
  while (waiting.first !== undefined && canSend(machine, connection) && !isBehindUnread(machine, waiting.first)) {
    const message = waiting.shift();
    if (message !== undefined && message.stage === 'waiting') sendWaiting(machine, connection, message);
  }
}

/** QoS 0 needs no slot. None stays behind when the connection begins, so that later ones do not overtake it. */
export function flushQoS0(machine: Machine): void {
  const connection = openConnection(machine);
  const { waiting, waitingMessages } = machine.state;
  if (connection === undefined || waitingMessages === 0) return;
  const messages = waiting.toArray().filter(({ qos, stage }) => qos === 0 && stage === 'waiting');
  if (messages.length > 0) waiting.filter(({ qos }) => qos > 0);
  for (const message of messages) sendWaiting(machine, connection, message);
}

function sendWaiting(machine: Machine, connection: ConnectionState, message: OutboundMessage): void {
  forgetWaiting(machine, message);
  if (message.expiresAt <= machine.now) {
    end(machine, message, { error: new MessageExpiredError(message.topic) });
    return;
  }
  const error = refusalOf(connection, message);
  if (error !== undefined) {
    end(machine, message, { error });
    return;
  }
  sendFirst(machine, connection, message);
}

// The limits are those of this connection, and may be lower than when the message was taken, or sent before.
function refusalOf(connection: ConnectionState, message: OutboundMessage): MqttError | undefined {
  try {
    checkPublishLimits(connection, message);
    return undefined;
  } catch (error) {
    return error as MqttError;
  }
}

function sendFirst(machine: Machine, connection: ConnectionState, message: OutboundMessage): void {
  if (message.qos === 0) {
    send(machine, connection, publishPacket(machine, connection, message));
    end(machine, message);
    return;
  }
  message.packetId = machine.state.packetIds.take();
  message.stage = 'sent';
  takeSlot(connection, message);
  takeTurn(machine, message);
  machine.state.inFlight.add(message);
  persist(machine, { type: 'sent', sequence: message.sequence, packetId: message.packetId });
  send(machine, connection, publishPacket(machine, connection, message));
}

// [MQTT-3.3.1-1] DUP says that this very packet was sent before; [MQTT-4.3.3-6] after PUBREC only PUBREL is repeated.
function resend(machine: Machine, connection: ConnectionState, message: OutboundMessage): void {
  const { packetId } = message;
  if (message.stage === 'released') {
    takeSlot(connection, message);
    send(machine, connection, { type: 'pubrel', packetId, reasonCode: 0 });
    return;
  }
  // Without an alias: the table of the last connection is gone.
  const error = refusalOf(connection, { ...message, alias: 'never' });
  if (error !== undefined) {
    end(machine, message, { error });
    return;
  }
  takeSlot(connection, message);
  send(machine, connection, { ...plainPacket(message, machine.now), dup: true });
}

function takeSlot(connection: ConnectionState, message: OutboundMessage): void {
  message.slotOf = connection.number;
  connection.window.take();
}

function publishPacket(machine: Machine, connection: ConnectionState, message: OutboundMessage): PublishPacket {
  const packet = plainPacket(message, machine.now);
  return message.alias === 'never' ? packet : withAlias(connection, packet);
}

function plainPacket(message: OutboundMessage, now: number): PublishPacket {
  const { topic, payload, qos, retain, packetId, properties, expiresAt } = message;
  // What nearly all are, without the spreading that costs as much as all the rest.
  if (qos > 0 && properties === undefined) {
    return { type: 'publish', topic, payload, qos, retain, dup: false, packetId };
  }
  return {
    type: 'publish',
    topic,
    payload,
    qos,
    retain,
    dup: false,
    ...(qos > 0 && { packetId }),
    ...(properties && {
      properties: expiresAt === Infinity ? properties : { ...properties, messageExpirySeconds: left(expiresAt, now) },
    }),
  };
}

// The time that a message waited here counts; one that was sent before it expired is finished all the same.
function left(expiresAt: number, now: number): number {
  return Math.max(1, Math.ceil((expiresAt - now) / 1000));
}

function withAlias(connection: ConnectionState, packet: PublishPacket): PublishPacket {
  const { outboundAliases } = connection;
  if (!outboundAliases.isAvailable || !hasRoomForAlias(connection, packet)) return packet;
  const { topic, alias } = outboundAliases.use(packet.topic);
  return { ...packet, topic, properties: { ...packet.properties, topicAlias: alias } };
}

function storedForm(message: OutboundMessage): StoredMessage {
  const { sequence, topic, payload, qos, retain, properties, expiresAt } = message;
  return {
    sequence,
    stage: 'waiting',
    topic,
    payload,
    qos,
    retain,
    ...(properties && { properties }),
    ...(expiresAt !== Infinity && { expiresAt }),
  };
}

/** Takes up a message that a store kept. */
export function restoreMessage(machine: Machine, kept: StoredMessage): void {
  const { state } = machine;
  const message = restoredMessage(kept);
  if (message.packetId === 0) {
    enqueue(machine, message);
    return;
  }
  state.packetIds.claim(message.packetId);
  takeTurn(machine, message);
  state.inFlight.add(message);
}
