/** The reason codes of MQTT 5.0 §2.4: their names, the packets that carry them, and the side that sends them. */
import type { PacketType } from './packet.ts';

/** One end of a connection. */
export type Side = 'client' | 'server';

export interface ReasonCodeFacts {
  readonly code: number;
  readonly name: string;
  /** Who may send the code, for each packet that carries it. */
  readonly senders: Readonly<Partial<Record<PacketType, Side | 'both'>>>;
}

/** Codes from 0x80 on are failures; all below are successes, 0x10 and 0x11 included. */
export function isFailure(reasonCode: number): boolean {
  return reasonCode >= 0x80;
}

/** The name in the standard. Code 0x00 has another name in DISCONNECT and SUBACK than elsewhere. */
export function reasonName(reasonCode: number, packet?: PacketType): string {
  if (reasonCode === 0 && packet === 'disconnect') return 'Normal disconnection';
  if (reasonCode === 0 && packet === 'suback') return 'Granted QoS 0';
  return namesByCode.get(reasonCode) ?? `Unknown reason code 0x${reasonCode.toString(16).padStart(2, '0')}`;
}

/** Whether `packet` may carry the code when `sender` sends it. */
export function mayCarry(packet: PacketType, reasonCode: number, sender: Side | 'either'): boolean {
  const allowed = sendersOf(packet)[reasonCode] ?? NOBODY;
  return (allowed & (sender === 'client' ? CLIENT : sender === 'server' ? SERVER : CLIENT | SERVER)) !== 0;
}

const NOBODY = 0;
const CLIENT = 1;
const SERVER = 2;

// In the last column, `<packet` is sent by the client only and `>packet` by the server only.
const publishAcks = 'puback pubrec';
const subscribeAcks = '>suback >unsuback';
export const reasonCodes: readonly ReasonCodeFacts[] = [
  row(0x00, 'Success', `>connack ${publishAcks} pubrel pubcomp ${subscribeAcks} disconnect >auth`),
  row(0x01, 'Granted QoS 1', '>suback'),
  row(0x02, 'Granted QoS 2', '>suback'),
  row(0x04, 'Disconnect with Will Message', '<disconnect'),
  row(0x10, 'No matching subscribers', '>puback >pubrec'),
  row(0x11, 'No subscription existed', '>unsuback'),
  row(0x18, 'Continue authentication', 'auth'),
  row(0x19, 'Re-authenticate', '<auth'),
  row(0x80, 'Unspecified error', `>connack ${publishAcks} ${subscribeAcks} disconnect`),
  row(0x81, 'Malformed Packet', '>connack disconnect'),
  row(0x82, 'Protocol Error', '>connack disconnect'),
  row(0x83, 'Implementation specific error', `>connack ${publishAcks} ${subscribeAcks} disconnect`),
  row(0x84, 'Unsupported Protocol Version', '>connack'),
  row(0x85, 'Client Identifier not valid', '>connack'),
  row(0x86, 'Bad User Name or Password', '>connack'),
  row(0x87, 'Not authorized', `>connack ${publishAcks} ${subscribeAcks} >disconnect`),
  row(0x88, 'Server unavailable', '>connack'),
  row(0x89, 'Server busy', '>connack >disconnect'),
  row(0x8a, 'Banned', '>connack'),
  row(0x8b, 'Server shutting down', '>disconnect'),
  // The table of all codes lists it for DISCONNECT, the table of DISCONNECT does not: read it, as servers send it.
  row(0x8c, 'Bad authentication method', '>connack >disconnect'),
  row(0x8d, 'Keep Alive timeout', '>disconnect'),
  row(0x8e, 'Session taken over', '>disconnect'),
  row(0x8f, 'Topic Filter invalid', `${subscribeAcks} >disconnect`),
  row(0x90, 'Topic Name invalid', `>connack ${publishAcks} disconnect`),
  row(0x91, 'Packet Identifier in use', `${publishAcks} ${subscribeAcks}`),
  row(0x92, 'Packet Identifier not found', 'pubrel pubcomp'),
  row(0x93, 'Receive Maximum exceeded', 'disconnect'),
  row(0x94, 'Topic Alias invalid', 'disconnect'),
  row(0x95, 'Packet too large', '>connack disconnect'),
  row(0x96, 'Message rate too high', 'disconnect'),
  row(0x97, 'Quota exceeded', `>connack ${publishAcks} >suback disconnect`),
  row(0x98, 'Administrative action', 'disconnect'),
  row(0x99, 'Payload format invalid', `>connack ${publishAcks} disconnect`),
  row(0x9a, 'Retain not supported', '>connack >disconnect'),
  // Sent by servers says the table; §3.3.4 has clients send it too, for a message above their Maximum QoS.
  row(0x9b, 'QoS not supported', '>connack disconnect'),
  row(0x9c, 'Use another server', '>connack >disconnect'),
  row(0x9d, 'Server moved', '>connack >disconnect'),
  row(0x9e, 'Shared Subscriptions not supported', '>suback >disconnect'),
  row(0x9f, 'Connection rate exceeded', '>connack >disconnect'),
  row(0xa0, 'Maximum connect time', '>disconnect'),
  row(0xa1, 'Subscription Identifiers not supported', '>suback >disconnect'),
  row(0xa2, 'Wildcard Subscriptions not supported', '>suback >disconnect'),
];

function row(code: number, name: string, packets: string): ReasonCodeFacts {
  const senders: Partial<Record<PacketType, Side | 'both'>> = {};
  for (const word of packets.split(' ')) {
    const packet = word.replace(/^[<>]/, '') as PacketType;
    senders[packet] = word.startsWith('<') ? 'client' : word.startsWith('>') ? 'server' : 'both';
  }
  return { code, name, senders };
}

const namesByCode: ReadonlyMap<number, string> = new Map(reasonCodes.map(({ code, name }) => [code, name]));

/** For each packet, 256 masks of `CLIENT` and `SERVER`: a look-up that costs nothing for each acknowledgement. */
const masks = new Map<PacketType, Uint8Array>();
for (const { code, senders } of reasonCodes) {
  for (const [packet, sender] of Object.entries(senders) as [PacketType, Side | 'both'][]) {
    const mask = masks.get(packet) ?? new Uint8Array(256);
    mask[code] = sender === 'client' ? CLIENT : sender === 'server' ? SERVER : CLIENT | SERVER;
    masks.set(packet, mask);
  }
}

function sendersOf(packet: PacketType): Uint8Array {
  return masks.get(packet) ?? new Uint8Array(0);
}
