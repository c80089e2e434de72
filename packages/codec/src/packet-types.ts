/** The packet types (§2.1.2): number, fixed header flags, and the side that sends them. */
import type { PacketType, ProtocolVersion } from './packet.ts';
import type { Role } from './packet-reader.ts';
import type { Side } from './reason-codes.ts';

export interface PacketTypeFacts {
  readonly type: PacketType;
  /** The upper half of the first byte. */
  readonly number: number;
  /** The lower half of the first byte; in PUBLISH it holds DUP, QoS and RETAIN instead. */
  readonly flags: number;
  readonly sender: Side | 'both';
}

// In the order of their numbers, which begin with 1; with the flags where there are any.
// Pure, so that who asks for this table alone gets no more.
export const packetTypes: readonly PacketTypeFacts[] = /* @__PURE__ */ `\
connect client
connack server
publish both
puback both
pubrec both
pubrel both 2
pubcomp both
subscribe client 2
suback server
unsubscribe client 2
unsuback server
pingreq client
pingresp server
disconnect both
auth both`
  .split('\n')
  .map(factsOf);

/** Whether `end` sends such packets. In 3.1.1 a server leaves without a DISCONNECT. */
export function maySend(end: Role, { type, sender }: PacketTypeFacts, version: ProtocolVersion | 'auto'): boolean {
  const only = version === '3.1.1' && type === 'disconnect' ? 'client' : sender;
  return end === only || end === 'either' || only === 'both';
}

function factsOf(row: string, index: number): PacketTypeFacts {
  const [type, sender, flags = 0] = row.split(' ') as [PacketType, Side | 'both', string?];
  return { type, number: index + 1, flags: Number(flags), sender };
}
