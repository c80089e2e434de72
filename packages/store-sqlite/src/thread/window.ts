/** A few messages on their way to the other thread. */
import { ByteWriter } from '../byte-writer.ts';
import { checkLogRow, type LogRow } from './rows.ts';

/** A window ends behind the message that reaches this: its bytes stay in memory as long as one of its payloads does. */
const ENOUGH_BYTES = 512 * 1024;
const FIRST_BYTES = 64 * 1024;

export function readWindow(rows: Iterable<LogRow>): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter(new Uint8Array(FIRST_BYTES));
  for (const row of rows) {
    checkLogRow(row);
    const [, state, , , record] = row;
    writer.number(state);
    writer.uint32(record.length);
    writer.bytes(record);
    if (writer.length >= ENOUGH_BYTES) break;
  }
  // To its measure: what is larger than its contents would be kept with them.
  return writer.finish().slice();
}
