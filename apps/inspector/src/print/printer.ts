/** Packets on standard output, as they come. */
import { writeSync } from 'node:fs';
import {
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

export interface PrinterOptions {
  readonly style: PrintStyle;
  readonly filter: string;
  readonly isRevealed: boolean;
}

const STDOUT = 1;
const STDERR = 2;
const MOST_REMEMBERED = 100_000;
/** A terminal that is held does not hold the proxy, only this thread. */
const RETRY_MS = 5;

export class Printer implements RecordListener {
  readonly #style: PrintStyle;
  readonly #matches: (record: PacketRecord) => boolean;
  readonly #isRevealed: boolean;
  #isGone = false;
  /** How many findings of a record have been printed; only of those that have any. */
  readonly #printed = new Map<number, number>();

  constructor({ style, filter, isRevealed }: PrinterOptions) {
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
    if (text !== '' && !writeAll(STDOUT, text)) this.#isGone = true;
  }

  /** Findings that came later, such as an answer that is late. */
  changed(records: readonly PacketRecord[]): void {
    if (this.#isGone || this.#style === 'json') return;
    for (const record of records) {
      const known = this.#printed.get(record.number) ?? 0;
      if (record.findings.length <= known || !this.#matches(record)) continue;
      this.#remember(record);
      const late = { ...record, findings: record.findings.slice(known) };
      const text = `${formatLine(this.#isRevealed ? late : redact(late))}\n${formatFindings(late).join('\n')}\n`;
      if (!writeAll(STDOUT, text)) this.#isGone = true;
    }
  }

  note(text: string): void {
    writeAll(STDERR, `${text}\n`);
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
}

/** false: nobody reads any more. */
function writeAll(descriptor: number, text: string): boolean {
  const bytes = Buffer.from(text);
  let at = 0;
  while (at < bytes.length) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return false;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
    }
  }
  return true;
}
