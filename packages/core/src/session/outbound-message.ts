/** A message on its way out, and how its way ends. */
import type { MqttError, Packet, PublishProperties, QoS } from '@omqtt/codec';
import type { OutboundStage, StoredMessage } from '@omqtt/contracts/session-store';
import { type Machine, persist } from './machine.ts';

export type Pubrec = Packet & { readonly type: 'pubrec' };

export type AliasPolicy = 'never' | 'try' | 'always';

/** Only the flows of outbound messages change it. */
export interface OutboundMessage {
  /** 0 when nobody waits for the outcome. */
  operation: number;
  /** 0 for QoS 0, which is not stored. */
  readonly sequence: number;
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: QoS;
  readonly retain: boolean;
  readonly properties: PublishProperties | undefined;
  readonly alias: AliasPolicy;
  /** Milliseconds since 1970; Infinity for a message without an expiry. */
  readonly expiresAt: number;
  stage: OutboundStage | 'ended';
  /** 0 while it waits. */
  packetId: number;
  /** Its place in the order of sending. */
  turn: number;
  /** It holds a slot of the send window of this connection. */
  slotOf: number;
  /** PUBREC, where it said more than that the message has come. */
  received: Pubrec | undefined;
}

/** As a store kept it. Nobody waits for its outcome any more. */
export function restoredMessage(kept: StoredMessage): OutboundMessage {
  return {
    ...kept,
    operation: 0,
    properties: kept.properties,
    alias: 'never',
    expiresAt: kept.expiresAt ?? Infinity,
    packetId: kept.packetId ?? 0,
    turn: 0,
    slotOf: 0,
    received: undefined,
  };
}

/** Its first packet, or PUBREL, is sent after those of all others. */
export function takeTurn({ state }: Machine, message: OutboundMessage): void {
  state.turns += 1;
  message.turn = state.turns;
}

/** What was sent and is not finished, in the order of sending: of PUBLISH, or of PUBREL once it is that far. */
export function inOrderOfSending({ state }: Machine): OutboundMessage[] {
  return state.inFlight.values().toSorted((one, other) => one.turn - other.turn);
}

export function packetIdOf({ packetId }: OutboundMessage): number {
  return packetId;
}

/** Ends the message, for better or worse, and frees all that it held. */
export function end(machine: Machine, message: OutboundMessage, outcome: Outcome = {}): void {
  const { state } = machine;
  if (message.packetId !== 0 && state.inFlight.get(message.packetId) === message) {
    state.inFlight.delete(message.packetId);
    state.packetIds.release(message.packetId);
  }
  message.stage = 'ended';
  releaseSlot(machine, message);
  if (message.sequence !== 0) persist(machine, { type: 'remove', sequence: message.sequence });
  const { topic, qos, operation } = message;
  const { packet, error } = outcome;
  if (operation === 0 && error !== undefined) machine.effects.deliver({ type: 'message-lost', topic, qos, error });
  machine.effects.settle(operation, packet, error);
  message.operation = 0;
}

/** Without an error the message arrived, as far as its QoS can tell. */
export interface Outcome {
  readonly error?: MqttError | undefined;
  readonly packet?: Packet;
}

function releaseSlot(machine: Machine, message: OutboundMessage): void {
  const { connection } = machine;
  if (connection === undefined || message.slotOf !== connection.number) return;
  message.slotOf = 0;
  connection.window.release();
}
