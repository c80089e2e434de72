/** The packet types (§2.1.2): number, fixed header flags, and the side that sends them. */
import type { PacketType } from './packet.ts';
import type { Side } from './reason-codes.ts';

export interface PacketTypeFacts {
  readonly type: PacketType;
  /** The upper half of the first byte. */
  readonly number: number;
  /** The lower half of the first byte; in PUBLISH it holds DUP, QoS and RETAIN instead. */
  readonly flags: number;
  readonly sender: Side | 'both';
}

export const packetTypes: readonly PacketTypeFacts[] = [
  { type: 'connect', number: 1, flags: 0, sender: 'client' },
  { type: 'connack', number: 2, flags: 0, sender: 'server' },
  { type: 'publish', number: 3, flags: 0, sender: 'both' },
  { type: 'puback', number: 4, flags: 0, sender: 'both' },
  { type: 'pubrec', number: 5, flags: 0, sender: 'both' },
  { type: 'pubrel', number: 6, flags: 0b0010, sender: 'both' },
  { type: 'pubcomp', number: 7, flags: 0, sender: 'both' },
  { type: 'subscribe', number: 8, flags: 0b0010, sender: 'client' },
  { type: 'suback', number: 9, flags: 0, sender: 'server' },
  { type: 'unsubscribe', number: 10, flags: 0b0010, sender: 'client' },
  { type: 'unsuback', number: 11, flags: 0, sender: 'server' },
  { type: 'pingreq', number: 12, flags: 0, sender: 'client' },
  { type: 'pingresp', number: 13, flags: 0, sender: 'server' },
  { type: 'disconnect', number: 14, flags: 0, sender: 'both' },
  { type: 'auth', number: 15, flags: 0, sender: 'both' },
];

/** The first byte of a packet whose flags are fixed, by its type. */
export const firstBytes: Readonly<Record<PacketType, number>> = Object.fromEntries(
  packetTypes.map(({ type, number, flags }) => [type, (number << 4) | flags]),
) as Record<PacketType, number>;
