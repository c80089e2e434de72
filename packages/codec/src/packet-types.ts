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

// In the order of their numbers, which begin with 1.
const senders = {
  connect: 'client',
  connack: 'server',
  publish: 'both',
  puback: 'both',
  pubrec: 'both',
  pubrel: 'both',
  pubcomp: 'both',
  subscribe: 'client',
  suback: 'server',
  unsubscribe: 'client',
  unsuback: 'server',
  pingreq: 'client',
  pingresp: 'server',
  disconnect: 'both',
  auth: 'both',
} as const satisfies Record<PacketType, Side | 'both'>;

export const packetTypes: readonly PacketTypeFacts[] = (Object.keys(senders) as PacketType[]).map((type, index) => ({
  type,
  number: index + 1,
  flags: /^(pubrel|subscribe|unsubscribe)$/.test(type) ? 0b0010 : 0,
  sender: senders[type],
}));

/** What the standard says of a type. */
export const packetTypeFacts: ReadonlyMap<unknown, PacketTypeFacts> = new Map(
  packetTypes.map((facts) => [facts.type, facts]),
);
