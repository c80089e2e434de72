/** Answers the messages of a page about a file, with the same session that the server has for its pages. */
import { compileFilter, redact, type Inspection, type PacketRecord } from '@omqtt/inspect';
import { PROTOCOL_VERSION, type PageMessage, type ServerMessage } from '../../src/api/messages.ts';
import { PageSession } from '../../src/pages/page-session.ts';
import { Tally } from '../../src/pages/tally.ts';

export interface FileDeskOptions {
  readonly inspection: Inspection;
  readonly send: (message: ServerMessage) => void;
  /** Calls back soon, after what else waits. */
  readonly later: (work: () => void) => void;
}

/** A session that wants to go on sooner than this has work left; the others only wait for news, which a file has not. */
const LONGEST_WORKING_WAIT_MS = 20;

export class FileDesk {
  readonly #inspection: Inspection;
  readonly #send: (message: ServerMessage) => void;
  readonly #later: (work: () => void) => void;
  readonly #session: PageSession;
  readonly #tally = new Tally();
  #isWorking = false;

  constructor({ inspection, send, later }: FileDeskOptions) {
    this.#inspection = inspection;
    this.#send = send;
    this.#later = later;
    const source = {
      inspection,
      tally: this.#tally,
      skippedBytes: () => 0,
      // A file is not forgotten: another one is opened.
      clear: () => {},
    };
    this.#session = new PageSession(source, send, () => performance.now());
  }

  /** When the whole file has been read. */
  greet(file: string): void {
    for (const record of this.#inspection.records) this.#tally.add(record);
    for (const { openedAt, closedAt } of this.#inspection.connections()) {
      this.#tally.opened(openedAt);
      if (closedAt !== undefined) this.#tally.closed(closedAt);
    }
    const now = Date.now();
    this.#send({ type: 'hello', protocol: PROTOCOL_VERSION, version: '0.0.0', routes: [], now, file });
    this.#work();
  }

  receive(message: PageMessage): void {
    this.#session.receive(message);
    if (!this.#isWorking) this.#work();
  }

  /** The records as a page may see them. */
  filtered(filter: string, isRevealed: boolean): PacketRecord[] {
    const { matches = (): boolean => true } = compileFilter(filter);
    // One after the other: old records are made anew for whoever looks, and most are not wanted.
    const chosen: PacketRecord[] = [];
    for (const record of this.#inspection.records) {
      if (matches(record)) chosen.push(isRevealed ? record : redact(record));
    }
    return chosen;
  }

  #work(): void {
    const { records } = this.#inspection;
    // The file's own time: rates are those of its end, and nothing is told twice.
    const waitMs = this.#session.flush(records.at(records.length - 1)?.at ?? 0);
    this.#isWorking = waitMs !== undefined && waitMs < LONGEST_WORKING_WAIT_MS;
    if (this.#isWorking) this.#later(() => this.#work());
  }
}
