import type { Packet, ProtocolVersion } from '../../src/index.ts';

/** The bytes of one packet, and the packet that they stand for. */
export interface Vector {
  readonly title: string;
  readonly version: ProtocolVersion;
  readonly bytes: Uint8Array;
  readonly packet: Packet;
  /** The standard has a shorter form of the same packet: these bytes are read but never written. */
  readonly isLongForm?: true;
}

/** One field of a packet; a string stands for its ASCII codes, without a length. */
export type Field = readonly (number | string)[];

/** The fields of a packet, one behind the other. */
export function octets(fields: readonly Field[]): Uint8Array {
  return Uint8Array.from(fields.flat().flatMap(octetsOf));
}

function octetsOf(part: number | string): number[] {
  return typeof part === 'number' ? [part] : Array.from(part, (character) => character.charCodeAt(0));
}
