/** The reason codes that each packet may carry, by who sends it: written from the tables of each packet in MQTT 5.0. */
import type { AcknowledgementPacket, Role } from '@omqtt/codec';
import * as fc from 'fast-check';

type Carrier = AcknowledgementPacket['type'] | 'connack' | 'suback' | 'unsuback' | 'disconnect' | 'auth';

/** Reason codes that `sender` may put into a packet of this type, the most frequent one first. */
export function reasonCodesOf(carrier: Carrier, sender: Role): fc.Arbitrary<number> {
  const { both = [], client = [], server = [] }: CodesBySender = codes[carrier];
  const allowed = [...both, ...(sender === 'server' ? [] : client), ...(sender === 'client' ? [] : server)];
  return fc.constantFrom(...allowed);
}

interface CodesBySender {
  readonly both?: readonly number[];
  readonly client?: readonly number[];
  readonly server?: readonly number[];
}

const published: CodesBySender = {
  both: [0x00, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99],
  server: [0x10],
};

const released: CodesBySender = { both: [0x00, 0x92] };

// 0x8C is left out of DISCONNECT: only the common table has it there, and receivers may refuse it.
const codes: Readonly<Record<Carrier, CodesBySender>> = {
  connack: {
    server: [
      0x00, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8c, 0x90, 0x95, 0x97, 0x99, 0x9a, 0x9b,
      0x9c, 0x9d, 0x9f,
    ],
  },
  puback: published,
  pubrec: published,
  pubrel: released,
  pubcomp: released,
  suback: { server: [0x00, 0x01, 0x02, 0x80, 0x83, 0x87, 0x8f, 0x91, 0x97, 0x9e, 0xa1, 0xa2] },
  unsuback: { server: [0x00, 0x11, 0x80, 0x83, 0x87, 0x8f, 0x91] },
  disconnect: {
    both: [0x00, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99],
    client: [0x04],
    server: [0x87, 0x89, 0x8b, 0x8d, 0x8e, 0x8f, 0x9a, 0x9b, 0x9c, 0x9d, 0x9e, 0x9f, 0xa0, 0xa1, 0xa2],
  },
  auth: { both: [0x18], client: [0x19], server: [0x00] },
};
