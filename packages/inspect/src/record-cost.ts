/** An estimate of the memory that a record takes, by what V8 takes for its objects: measured, and rounded up. */
import type { Exchange } from './exchange.ts';
import type { PacketRecord } from './packet-record.ts';

/** The record with the view of its bytes and its places in the store. */
const RECORD_BYTES = 336;
/** Counted where it begins: with what the session remembers while it is open. */
const EXCHANGE_BYTES = 256;
const STEP_BYTES = 80;
/** With its list and the sentence that says where. */
const FINDING_BYTES = 288;

export function costOfRecord({ number, bytes, topic = '', findings, pair, request }: PacketRecord): number {
  const exchanges = costOfStep(pair, number) + costOfStep(request, number);
  return RECORD_BYTES + bytes.length + topic.length + findings.length * FINDING_BYTES + exchanges;
}

function costOfStep(exchange: Exchange | undefined, number: number): number {
  if (exchange === undefined) return 0;
  return exchange.steps[0]?.number === number ? EXCHANGE_BYTES + STEP_BYTES : STEP_BYTES;
}
