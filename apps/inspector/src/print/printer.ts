/** Packets on standard output, as they come. */
import { writeSync } from 'node:fs';
import {
  changedRecord,
  compileFilter,
  formatFindings,
  formatLine,
  formatRecord,
  formatTree,
  redact,
  toNdjsonLine,
  type PacketRecord,
} from '@omqtt/inspect';
import type { RecordListener } from '../record/recorder.ts';
import type { PrintStyle } from '../thread/thread-messages.ts';
import { openStandardOutput } from './standard-output.ts';

export interface PrinterOptions {
  readonly style: PrintStyle;
  readonly filter: string;
  readonly isRevealed: boolean;
  /** Its first number is 1 from when the program is told to end. */
  readonly ending: SharedArrayBuffer;
}

const MOST_REMEMBERED = 100_000;
/** A terminal that is held does not hold the proxy, only this thread. */
const RETRY_MS = 5;
/** But when the program ends, nobody who does not read for so long gets the rest. */
const PATIENCE_AT_END_MS = 1000;

export class Printer implements RecordListener {
  readonly #style: PrintStyle;
  readonly #matches: (record: PacketRecord) => boolean;
  readonly #isRevealed: boolean;
  readonly #ending: Int32Array;
  readonly #stdout = openStandardOutput();
  #isGone = false;
  /** How many findings of a record have been printed; only of those that have any. */
  readonly #printed = new Map<number, number>();

  constructor({ style, filter, isRevealed, ending }: PrinterOptions) {
    this.#ending = new Int32Array(ending);
    this.#style = style;
    // The filter was checked before the thread was made.
    this.#matches = compileFilter(filter).matches ?? (() => true);
    this.#isRevealed = isRevealed;
  }

  records(records: readonly PacketRecord[]): void {
    if (this.#isGone) return;
    const chosen = records.filter((record) => this.#matches(record));
    for (const record of chosen) this.#remember(record);
    const text = chosen.map((record) => this.#textOf(this.#isRevealed ? record : redact(record))).join('');
    if (text !== '' && !this.#writeAll(this.#stdout, text)) this.#isGone = true;
  }

  /** Findings that came later, such as an answer that is late. */
  changed(records: readonly PacketRecord[]): void {
    if (this.#isGone || this.#style === 'json') return;
    for (const record of records) {
      const known = this.#printed.get(record.number) ?? 0;
      if (record.findings.length <= known || !this.#matches(record)) continue;
      this.#remember(record);
      const late = changedRecord(record, { findings: record.findings.slice(known) });
      const text = `${formatLine(this.#isRevealed ? late : redact(late))}\n${formatFindings(late).join('\n')}\n`;
      if (!this.#writeAll(this.#stdout, text)) this.#isGone = true;
    }
  }

  #remember({ number, findings }: PacketRecord): void {
    if (findings.length === 0) return;
    this.#printed.set(number, findings.length);
    const [oldest] = this.#printed.keys();
    if (this.#printed.size > MOST_REMEMBERED && oldest !== undefined) this.#printed.delete(oldest);
  }

  #textOf(record: PacketRecord): string {
    if (this.#style === 'json') return toNdjsonLine(record);
    return `${this.#style === 'tree' ? formatTree(record) : formatRecord(record)}\n`;
  }

  /** false: nobody reads any more. */
  #writeAll(descriptor: number, text: string): boolean {
    const bytes = Buffer.from(text);
    let heldMs = 0;
    for (let at = 0; at < bytes.length;) {
      try {
        at += writeSync(descriptor, bytes, at);
        heldMs = 0;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || heldMs > PATIENCE_AT_END_MS) return false;
        // Another thread sets it, so that it is seen here too, where no message is.
        if (Atomics.load(this.#ending, 0) === 1) heldMs += RETRY_MS;
        Atomics.wait(pause, 0, 0, RETRY_MS);
      }
    }
    return true;
  }
}

/** Nobody changes it. */
const pause = new Int32Array(new SharedArrayBuffer(4));
