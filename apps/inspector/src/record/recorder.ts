/** Feeds an inspection from the ring, and tells others what came of it. A fault in decoding ends the view of one connection. */
import type { ConnectionClosing, ConnectionOrigin, Inspection, PacketRecord } from '@omqtt/inspect';
import { sideOf, type ConnectionFacts } from '../thread/feed.ts';
import type { Entry } from '../thread/ring.ts';

export interface RecordListener {
  /** New records, in their order. */
  records?(records: readonly PacketRecord[]): void;
  /** Earlier records of which more is known now. */
  changed?(records: readonly PacketRecord[]): void;
  opened?(connection: string, at: number, facts: ConnectionFacts): void;
  closed?(connection: string, closing: ConnectionClosing): void;
  /** Something to tell that is no packet, as a sentence. */
  note?(text: string): void;
  cleared?(): void;
}

interface Recorded {
  name: string;
  /** The name without the count of holes. */
  readonly base: string;
  readonly facts: ConnectionFacts;
  holes: number;
  /** Decoding failed: its bytes are not looked at any more. */
  isBroken: boolean;
}

/** What the recorder needs of an inspection. */
export type Decoder = Pick<Inspection, 'open' | 'bytes' | 'close' | 'time' | 'takeChanged'>;

const unknownFacts: ConnectionFacts = { kind: 'late', client: 'unknown', server: 'unknown' };

export class Recorder {
  readonly #decoder: Decoder;
  readonly #listeners: readonly RecordListener[];
  readonly #connections = new Map<number, Recorded>();
  #skippedBytes = 0;

  constructor(decoder: Decoder, listeners: readonly RecordListener[]) {
    this.#decoder = decoder;
    this.#listeners = listeners;
  }

  /** Bytes that came while this thread was too far behind. */
  get skippedBytes(): number {
    return this.#skippedBytes;
  }

  take(entry: Entry): void {
    const { kind, connection, at } = entry;
    if (kind === 'open') {
      this.#open(connection, at, readFacts(entry.bytes));
      return;
    }
    const recorded = this.#connections.get(connection) ?? this.#open(connection, at, unknownFacts);
    if (kind === 'bytes') {
      const direction = entry.direction === 0 ? 'c2s' : 's2c';
      this.#guard(recorded, () => this.#decoder.bytes(recorded.name, direction, { chunk: entry.bytes, at }));
    } else if (kind === 'gap') this.#continueBehindHole(recorded, entry);
    else this.#close(connection, recorded, entry);
  }

  /** Call it about once a second. */
  time(at: number): void {
    try {
      this.#decoder.time(at);
    } catch (error) {
      this.note(`The inspection failed at its clock: ${String(error)}`);
    }
    this.tellChanged();
  }

  tellChanged(): void {
    const changed = this.#decoder.takeChanged();
    if (changed.length === 0) return;
    for (const listener of this.#listeners) listener.changed?.(changed);
  }

  #open(connection: number, at: number, facts: ConnectionFacts): Recorded {
    const name = `${facts.kind}-${connection}`;
    const recorded: Recorded = { name, base: name, facts, holes: 0, isBroken: false };
    this.#connections.set(connection, recorded);
    this.#guard(recorded, () => {
      this.#decoder.open(name, { at, isPartial: facts === unknownFacts, origin: originOf(facts) });
      return [];
    });
    for (const listener of this.#listeners) listener.opened?.(name, at, facts);
    return recorded;
  }

  #close(connection: number, recorded: Recorded, { at, bytes }: Entry): void {
    this.#connections.delete(connection);
    const closing = { at, by: sideOf(bytes), reason: recorded.facts.problem };
    this.#guard(recorded, () => this.#decoder.close(recorded.name, closing));
    for (const listener of this.#listeners) listener.closed?.(recorded.name, closing);
  }

  /**
   * Packets cannot be found behind a hole by counting, so what follows is a connection whose beginning was not seen, from
   * the middle of a packet on.
   */
  #continueBehindHole(recorded: Recorded, { at, bytes }: Entry): void {
    const skipped = Number(new TextDecoder().decode(bytes));
    this.#skippedBytes += skipped;
    recorded.holes += 1;
    const { base, name: old, facts } = recorded;
    this.#guard(recorded, () => this.#decoder.close(old, { at }));
    for (const listener of this.#listeners) listener.closed?.(old, { at });
    recorded.name = `${base}~${recorded.holes}`;
    recorded.isBroken = false;
    this.#guard(recorded, () => {
      this.#decoder.open(recorded.name, { at, isPartial: true, isCutIn: true, origin: originOf(facts) });
      return [];
    });
    for (const listener of this.#listeners) listener.opened?.(recorded.name, at, facts);
    this.note(`${base}: ${skipped} bytes were forwarded but not decoded, because decoding was too slow`);
  }

  #guard(recorded: Recorded, decode: () => readonly PacketRecord[]): void {
    if (recorded.isBroken) return;
    let records: readonly PacketRecord[];
    try {
      records = decode();
    } catch (error) {
      recorded.isBroken = true;
      this.note(`${recorded.name}: decoding failed, so its packets are forwarded but not shown: ${String(error)}`);
      return;
    }
    if (records.length === 0) return;
    for (const listener of this.#listeners) listener.records?.(records);
  }

  /** Tells everybody something that is no packet. */
  note(text: string): void {
    for (const listener of this.#listeners) listener.note?.(text);
  }
}

export function originOf({ listener, sni }: ConnectionFacts): ConnectionOrigin | undefined {
  return listener === undefined ? undefined : { listener, sni };
}

function readFacts(bytes: Uint8Array): ConnectionFacts {
  return JSON.parse(new TextDecoder().decode(bytes)) as ConnectionFacts;
}
