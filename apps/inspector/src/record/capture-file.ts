/** `--save`: a file that grows while packets come; `.omq`, or a line a packet for `.ndjson`. */
import { closeSync, openSync, writeSync } from 'node:fs';
import {
  compileFilter,
  omqMagic,
  packetEventOf,
  redact,
  toNdjsonLine,
  toOmqEntry,
  type ConnectionClosing,
  type PacketRecord,
} from '@omqtt/inspect';
import { InspectorError } from '../inspector-errors.ts';
import type { ConnectionFacts } from '../thread/feed.ts';
import { originOf, type RecordListener } from './recorder.ts';

/** Small pieces are written together. */
const BUFFER_BYTES = 65_536;

export class CaptureFile implements RecordListener {
  readonly #descriptor: number;
  readonly #isText: boolean;
  readonly #matches: (record: PacketRecord) => boolean;
  readonly #isRevealed: boolean;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #problem: string | undefined;
  #isProblemTold = false;

  /** Throws when the file cannot be made, or is there already. */
  constructor(path: string, { filter, isRevealed }: { readonly filter: string; readonly isRevealed: boolean }) {
    this.#isText = path.endsWith('.ndjson');
    if (/\.pcap(?:ng)?$/i.test(path)) {
      throw new InspectorError(
        'invalid-option',
        '--save: It takes .omq or .ndjson; the page makes pcapng of such a file.',
      );
    }
    this.#matches = compileFilter(filter).matches ?? (() => true);
    this.#isRevealed = isRevealed;
    try {
      // It holds what people say to each other, so it is for its owner; and a capture is never overwritten.
      this.#descriptor = openSync(path, 'wx', 0o600);
    } catch (cause) {
      throw new InspectorError('invalid-option', `--save: ${(cause as Error).message}`, { cause });
    }
    if (!this.#isText) this.#write(omqMagic);
  }

  /** Why nothing is saved any more. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** The same, said once. */
  takeProblem(): string | undefined {
    if (this.#isProblemTold) return undefined;
    this.#isProblemTold = this.#problem !== undefined;
    return this.#problem;
  }

  records(records: readonly PacketRecord[]): void {
    for (const record of records) {
      if (!this.#matches(record)) continue;
      const shown = this.#isRevealed ? record : redact(record);
      this.#write(this.#isText ? Buffer.from(toNdjsonLine(shown)) : toOmqEntry(packetEventOf(shown)));
    }
  }

  opened(connection: string, at: number, facts: ConnectionFacts): void {
    if (this.#isText) return;
    const isPartial = connection.includes('~');
    this.#write(toOmqEntry({ type: 'open', connection, at, isPartial, isEndSeen: true, origin: originOf(facts) }));
  }

  closed(connection: string, { at, by, reason }: ConnectionClosing): void {
    if (!this.#isText) this.#write(toOmqEntry({ type: 'close', connection, at, by, reason }));
  }

  /** Writes what waits; called once a second. */
  flush(): void {
    const bytes = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    if (this.#problem !== undefined) return;
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(this.#descriptor, bytes, at);
    } catch (error) {
      this.#problem = (error as Error).message;
    }
  }

  close(): void {
    this.flush();
    try {
      closeSync(this.#descriptor);
    } catch (error) {
      this.#problem ??= (error as Error).message;
    }
  }

  #write(bytes: Uint8Array): void {
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes >= BUFFER_BYTES) this.flush();
  }
}
