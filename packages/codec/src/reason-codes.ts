/** The reason codes of MQTT 5.0 §2.4: their names, the packets that carry them, and the side that sends them. */
import type { PacketType } from './packet.ts';

/** One end of a connection. */
export type Side = 'client' | 'server';

/** Codes from 0x80 on are failures; all below are successes, 0x10 and 0x11 included. */
export function isFailure(reasonCode: number): boolean {
  return reasonCode >= 0x80;
}

/** The name in the standard. Code 0x00 has another name in DISCONNECT and SUBACK than elsewhere. */
export function reasonName(reasonCode: number, packet?: PacketType): string {
  const name = successNames[`${packet} ${reasonCode}`] ?? successNames[reasonCode];
  return name ?? failureNames[reasonCode - 0x80] ?? `Unknown reason code 0x${reasonCode.toString(16).padStart(2, '0')}`;
}

/** Whether `packet` may carry the code when `sender` sends it. */
export function mayCarry(packet: PacketType | ReasonCodeCarrier, reasonCode: number, sender: Side | 'either'): boolean {
  return ((masks[packet]?.[reasonCode] ?? 0) & senders[sender]) !== 0;
}

/** One bit for each side. */
const senders = { client: 1, server: 2, either: 3 } as const;

const successNames: Readonly<Record<number | string, string>> = {
  'disconnect 0': 'Normal disconnection',
  'suback 0': 'Granted QoS 0',
  0x00: 'Success',
  0x01: 'Granted QoS 1',
  0x02: 'Granted QoS 2',
  0x04: 'Disconnect with Will Message',
  0x10: 'No matching subscribers',
  0x11: 'No subscription existed',
  0x18: 'Continue authentication',
  0x19: 'Re-authenticate',
};

/** From 0x80 on, without a gap. */
const failureNames: readonly string[] = `\
Unspecified error
Malformed Packet
Protocol Error
Implementation specific error
Unsupported Protocol Version
Client Identifier not valid
Bad User Name or Password
Not authorized
Server unavailable
Server busy
Banned
Server shutting down
Bad authentication method
Keep Alive timeout
Session taken over
Topic Filter invalid
Topic Name invalid
Packet Identifier in use
Packet Identifier not found
Receive Maximum exceeded
Topic Alias invalid
Packet too large
Message rate too high
Quota exceeded
Administrative action
Payload format invalid
Retain not supported
QoS not supported
Use another server
Server moved
Shared Subscriptions not supported
Connection rate exceeded
Maximum connect time
Subscription Identifiers not supported
Wildcard Subscriptions not supported`.split('\n');

/** The packets that carry reason codes; the return codes of a SUBACK of 3.1.1 are a few of them. */
export type ReasonCodeCarrier =
  | Exclude<PacketType, 'connect' | 'publish' | 'subscribe' | 'unsubscribe' | 'pingreq' | 'pingresp'>
  | 'suback311';

// The statement that a packet carries these codes and no others; then the codes in hex, each word an upper digit with all
// lower digits that go with it. What follows `<` comes only from a client, what follows `>` only from a server.
const publishAckCodes = '00 8037 90179 > 10';
const completionCodes = '00 92';
const carried: Readonly<Record<ReasonCodeCarrier, string>> = {
  connack: '3.2.2-8 > 00 80123456789ac 90579abcdf',
  puback: `3.4.2-1 ${publishAckCodes}`,
  pubrec: `3.5.2-1 ${publishAckCodes}`,
  pubrel: `3.6.2-1 ${completionCodes}`,
  pubcomp: `3.7.2-1 ${completionCodes}`,
  suback: '3.9.3-2 > 0012 8037f 917e a12',
  suback311: '3.9.3-2 > 0012 80',
  unsuback: '3.11.3-2 > 00 11 8037f 91',
  // 0x8C stands in the table of all codes but not in that of DISCONNECT: read it, as servers send it. 0x9B is a server's
  // by its table, but §3.3.4 has clients send it too, for a message above their Maximum QoS.
  disconnect: '3.14.2-1 00 80123 903456789b < 04 > 879bcdef 9acdef a012',
  auth: '3.15.2-1 18 < 19 > 00',
};

/** The statement that the packet carries these codes and no others. */
export function reasonCodeStatement(carrier: ReasonCodeCarrier): string {
  return carried[carrier].split(' ')[0] as string;
}

/** For each packet, 256 sets of `senders`: a look-up that costs nothing for each acknowledgement. */
const masks: Record<string, Uint8Array> = {};
for (const carrier in carried) masks[carrier] = masksOf(carried[carrier as ReasonCodeCarrier]);

function masksOf(row: string): Uint8Array {
  const mask = new Uint8Array(256);
  let sender: number = senders.either;
  for (const [upper = '', ...lowers] of row.split(' ').slice(1)) {
    if (upper === '<') sender = senders.client;
    if (upper === '>') sender = senders.server;
    for (const lower of lowers) mask[Number.parseInt(upper + lower, 16)] = sender;
  }
  return mask;
}
