/** The records whose packets stay decoded: whoever gets a record looks at it soon. Few, as packets weigh more than their bytes. */
import type { StoredRecord } from './stored-record.ts';

const MOST = 512;
const MOST_WIRE_BYTES = 65_536;

export class FreshPackets {
  readonly #records: StoredRecord[] = [];
  #wireBytes = 0;

  add(record: StoredRecord): void {
    this.#records.push(record);
    this.#wireBytes += record.bytes.length;
    while (this.#records.length > MOST || (this.#wireBytes > MOST_WIRE_BYTES && this.#records.length > 1)) {
      const oldest = this.#records.shift();
      oldest?.forgetPacket();
      this.#wireBytes -= oldest?.bytes.length ?? 0;
    }
  }
}
