/**
 * Which packets the server may send when. Everything that is not here is a protocol error; nothing else in the session
 * asks in which phase it is. The diagram in ARCHITECTURE.md is made from this table.
 */
import type { PacketType } from '@omqtt/codec';
import { ProtocolError } from './errors.ts';
import type { Phase } from './machine.ts';

/** The phases that a packet may lead to; `closed` ends the connection. */
export type Moves = Readonly<Partial<Record<PacketType, readonly (Phase | 'closed')[]>>>;

function staying(phase: Phase): Moves {
  return {
    publish: [phase],
    puback: [phase],
    pubrec: [phase],
    pubrel: [phase],
    pubcomp: [phase],
    suback: [phase],
    unsuback: [phase],
    pingresp: [phase],
    auth: [phase],
    disconnect: ['closed'],
  };
}

export const legalMoves: Readonly<Record<Phase, Moves>> = {
  connecting: {
    auth: ['connecting'],
    connack: ['verifying', 'connected', 'closed'],
    // The standard forbids it, but its reason code says more than a protocol error would.
    disconnect: ['closed'],
  },
  // Held until the proof of the server is found sound, but for the end.
  verifying: staying('verifying'),
  connected: staying('connected'),
  // What comes after the last word is not looked at.
  closing: {},
};

/** Throws the protocol error for a packet that may not come now. */
export function checkMove(phase: Phase, type: PacketType): void {
  if (legalMoves[phase][type] !== undefined) return;
  if (phase === 'connecting') {
    throw new ProtocolError({ message: `it sent ${type.toUpperCase()} before CONNACK`, statement: 'MQTT-3.2.0-1' });
  }
  if (type === 'connack') {
    throw new ProtocolError({ message: 'it sent a second CONNACK', statement: 'MQTT-3.2.0-2' });
  }
  throw new ProtocolError({ message: `it sent ${type.toUpperCase()}` });
}
