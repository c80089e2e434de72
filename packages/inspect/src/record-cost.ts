/** An estimate of the memory that a record takes, measured and rounded up. What blocks share is counted with them. */
import type { Exchange } from './exchange.ts';
import type { PacketRecord } from './packet-record.ts';
import { COLUMN_BYTES } from './record-block.ts';

/** With its share of what a block takes for itself. */
const RECORD_BYTES = COLUMN_BYTES + 4;
/** Counted where it begins. What the session remembers while it is open has a bound of its own. */
const EXCHANGE_BYTES = 160;
/** With the place in the list of its block. */
const STEP_BYTES = 80;
/** With its list and the sentence that says where. */
const FINDING_BYTES = 288;

export function costOfRecord({ number, bytes, findings, pair, request }: PacketRecord): number {
  const exchanges = costOfStep(pair, number) + costOfStep(request, number);
  return RECORD_BYTES + bytes.length + findings.length * FINDING_BYTES + exchanges;
}

function costOfStep(exchange: Exchange | undefined, number: number): number {
  if (exchange === undefined) return 0;
  return exchange.steps[0]?.number === number ? EXCHANGE_BYTES + STEP_BYTES : STEP_BYTES;
}
