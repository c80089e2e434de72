/** An estimate of the memory that a record takes, by what V8 takes for its objects: measured, and rounded up. */
import type { PacketRecord } from './packet-record.ts';

/** The record, its two lists, and the view of its bytes. */
const RECORD_BYTES = 416;
/** Its share of an exchange, its step there, and what the session remembers while it is open. */
const PAIR_BYTES = 320;
/** With the sentences that say where and why. */
const FINDING_BYTES = 512;
const VIEW_BYTES = 104;
const TEXT_BYTES = 24;
const OBJECT_BYTES = 32;
const SLOT_BYTES = 8;

/** Of the record and what its bytes say. */
export function costOfRecord({ bytes, packet }: PacketRecord): number {
  return RECORD_BYTES + bytes.length + costOfValue(packet);
}

/** Of what was found out about it. */
export function costOfKnowledge({ pair, request, findings }: PacketRecord): number {
  const exchanges = (pair === undefined ? 0 : 1) + (request === undefined ? 0 : 1);
  return exchanges * PAIR_BYTES + findings.length * FINDING_BYTES;
}

/** Objects weigh many times what they were on the wire, such as the filters of a SUBSCRIBE. */
function costOfValue(value: unknown): number {
  if (typeof value === 'string') return TEXT_BYTES + value.length;
  if (typeof value !== 'object' || value === null) return 0;
  // Payloads are views of the bytes of the record.
  if (value instanceof Uint8Array) return VIEW_BYTES;
  let bytes = OBJECT_BYTES;
  const members = value as Readonly<Record<string, unknown>>;
  for (const name in members) bytes += SLOT_BYTES + costOfValue(members[name]);
  return bytes;
}
