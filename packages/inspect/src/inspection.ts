/** Follows connections: bytes of both directions in, records with pairs and findings out. Never throws for what comes. */
import type { ProtocolVersion } from '@omqtt/codec';
import { ByteSlab } from './byte-slab.ts';
import type { ConnectionClosing, ConnectionOpening, CutOutPacket } from './connection-input.ts';
import { connectionView, type ConnectionView } from './connection-view.ts';
import { decodeFrame, isOldConnect, isSoundPacket, type DecodedFrame } from './decode/decode-frame.ts';
import type { Direction } from './direction.ts';
import { defaultLimits, type InspectionLimits } from './limits.ts';
import { findingOf } from './lint/finding.ts';
import type { RuleName } from './lint/rule.ts';
import { PacketFramer, type Frame } from './packet-framer.ts';
import {
  addFinding,
  type ConnectionOrigin,
  type OpenRecord,
  type PacketRecord,
  type RecordMark,
} from './packet-record.ts';
import { plainBytes } from './platform-text.ts';
import { RecordStore } from './record-store.ts';
import { StoredRecord } from './stored-record.ts';
import { closeConnection } from './session/close-connection.ts';
import { examine } from './session/examine.ts';
import { newConnection, type ConnectionState } from './session/state.ts';
import { checkWaiting } from './session/timing.ts';
import { type ReportFacts, type SharedState } from './session/turn.ts';

export interface InspectionOptions {
  /** How much is kept, and how much of each packet. Default: `defaultLimits`. */
  readonly limits?: Partial<InspectionLimits>;
  /** For connections whose CONNECT was not seen. Default: what the packets look like. */
  readonly assumedVersion?: ProtocolVersion;
  /**
   * Takes the memory of dropped records for new ones, where the runtime can do that. It saves the collector most of its
   * work, and `bytes` and payloads of a record that was dropped become empty with the next call. Default: false.
   */
  readonly isMemoryReused?: boolean;
}

/** How often what waits is looked through. */
const CHECK_EVERY_MS = 1000;
const MOST_CHANGED = 100_000;

/** Takes the bytes of any number of connections, and hands out what they say: packets, pairs and findings. */
export class Inspection {
  /** The last records, within the limits. */
  readonly records: RecordStore;
  readonly #limits: InspectionLimits;
  readonly #assumedVersion: ProtocolVersion | undefined;
  readonly #shared: SharedState;
  readonly #changed = new Set<number>();
  readonly #slab: ByteSlab;
  #number = 0;
  #now = 0;
  #checkedAt = 0;

  constructor({ limits = {}, assumedVersion, isMemoryReused = false }: InspectionOptions = {}) {
    this.#limits = { ...defaultLimits, ...limits };
    this.#assumedVersion = assumedVersion;
    this.#slab = new ByteSlab({ isReused: isMemoryReused });
    const { maximumStoredBytes: maximumBytes, maximumRecords } = this.#limits;
    this.records = new RecordStore({ maximumBytes, maximumRecords });
    this.#shared = {
      limits: this.#limits,
      sessions: new Map(),
      connections: new Map(),
      openExchanges: 0,
      reportLate: (number, rule, facts) => this.#reportLate(number, rule, facts),
      touch: (number) => this.#touch(number),
    };
  }

  /** Begins a connection. Without it the first bytes do, and then the connection is taken to be new. */
  open(connectionId: string, opening: ConnectionOpening): void {
    const { at, isPartial = false, isCutIn = false, isEndSeen = true, origin } = opening;
    this.time(at);
    const old = this.#shared.connections.get(connectionId);
    if (old && old.closedAt === undefined) closeConnection(this.#shared, old, { at, by: undefined });
    this.#shared.connections.delete(connectionId);
    const framer = (direction: Direction): PacketFramer =>
      new PacketFramer({
        maximumKeptBytes: this.#limits.maximumKeptPacketBytes,
        isCutIn,
        isSound: (bytes) => isSoundPacket(bytes, connection.version, direction),
        copyOf: (bytes) => (isKeptLong(bytes) ? bytes.slice() : this.#slab.copyOf(bytes)),
      });
    const framers = { c2s: framer('c2s'), s2c: framer('s2c') };
    const connection: ConnectionState = newConnection(connectionId, { at, isPartial, isEndSeen, origin, framers });
    this.#shared.connections.set(connectionId, connection);
    this.#forgetConnections();
  }

  /** Bytes as they came, in any pieces; WebSocket frames already taken off. Returns the packets that they complete. */
  bytes(connectionId: string, direction: Direction, { chunk, at }: { chunk: Uint8Array; at: number }): PacketRecord[] {
    const connection = this.#connection(connectionId, at);
    this.time(at);
    noteHeard(connection, direction, at);
    return connection.framers[direction]
      .push(plainBytes(chunk))
      .map((frame) => this.#record(connection, direction, { frame, at }));
  }

  /** A packet that was cut out of its stream before: what files hold. */
  packet(connectionId: string, direction: Direction, packet: CutOutPacket): PacketRecord {
    const { bytes, at, size = bytes.length, isGarbage = false, isCut = false } = packet;
    const connection = this.#connection(connectionId, at, packet.origin);
    this.time(at);
    noteHeard(connection, direction, at);
    const frame = { kind: isGarbage ? 'garbage' : 'packet', bytes: plainBytes(bytes), size, isCut } as const;
    return this.#record(connection, direction, { frame, at });
  }

  /** The connection has ended. Returns the packet that was cut off, if any. */
  close(connectionId: string, { at, by, reason }: ConnectionClosing): PacketRecord[] {
    const connection = this.#shared.connections.get(connectionId);
    if (connection === undefined || connection.closedAt !== undefined) return [];
    this.time(at);
    const records: PacketRecord[] = [];
    for (const direction of ['c2s', 's2c'] as const) {
      const frame = connection.framers[direction].finish();
      if (frame) records.push(this.#record(connection, direction, { frame, at }));
    }
    closeConnection(this.#shared, connection, { at, by, reason });
    return records;
  }

  /** Says how late it is, so that what waits for too long is noticed; call it about once a second when nothing comes. */
  time(at: number): void {
    // Not while they are added: who gets them may look at them until the next call.
    this.#slab.reuseBefore(this.records.oldestBuffer);
    if (at > this.#now) this.#now = at;
    if (this.#now - this.#checkedAt < CHECK_EVERY_MS) return;
    this.#checkedAt = this.#now;
    for (const connection of this.#shared.connections.values()) {
      if (connection.closedAt === undefined) checkWaiting(this.#shared, connection, this.#now);
    }
  }

  /** The records that changed since the last call because of what came later: pairs completed, findings added. */
  takeChanged(): PacketRecord[] {
    const records = Array.from(this.#changed, (number) => this.records.get(number));
    this.#changed.clear();
    return records.filter((record) => record !== undefined);
  }

  connections(): ConnectionView[] {
    return Array.from(this.#shared.connections.values(), connectionView);
  }

  connection(connectionId: string): ConnectionView | undefined {
    const connection = this.#shared.connections.get(connectionId);
    return connection && connectionView(connection);
  }

  #connection(id: string, at: number, origin?: ConnectionOrigin): ConnectionState {
    const known = this.#shared.connections.get(id);
    if (known && known.closedAt === undefined) return known;
    this.open(id, { at, origin });
    return this.#shared.connections.get(id) as ConnectionState;
  }

  #record(
    connection: ConnectionState,
    direction: Direction,
    { frame, at }: { frame: Frame; at: number },
  ): PacketRecord {
    const { bytes, size } = frame;
    const version = this.#versionFor(connection, direction, frame);
    const decoded = this.#decode(connection, direction, { frame, version });
    const connect = decoded.packet?.type === 'connect' ? decoded.packet : undefined;
    if (connect?.version && connection.connect === undefined) connection.version = connect.version;
    this.#number += 1;
    const record = new StoredRecord({
      number: this.#number,
      connection: connection.id,
      origin: connection.origin,
      direction,
      at,
      version: connect?.version ?? version,
      type: decoded.type,
      packet: decoded.packet,
      bytes,
      size,
      clientId: connect?.clientId ?? connection.session.clientId ?? connection.connect?.clientId,
      isOld: connection.isOld,
      findings: decoded.findings,
      marks: marksOf(frame),
    });
    this.records.add(record);
    examine({ record, connection, shared: this.#shared, now: at });
    this.records.recount(record);
    return record;
  }

  #decode(
    connection: ConnectionState,
    direction: Direction,
    { frame, version }: { readonly frame: Frame; readonly version: ProtocolVersion },
  ): DecodedFrame {
    const { kind, bytes, size, isCut } = frame;
    if (kind === 'packet') {
      if (isOldConnect(bytes)) connection.isOld = true;
      return decodeFrame(bytes, { version, direction, isOld: connection.isOld, size: isCut ? bytes.length : size });
    }
    if (isCut) return { type: 'garbage', packet: undefined, findings: [] };
    const side = direction === 'c2s' ? 'client' : 'server';
    const finding = findingOf('garbage', { version, side, start: 0, end: bytes.length });
    return { type: 'garbage', packet: undefined, findings: finding ? [finding] : [] };
  }

  /** What CONNECT said, what was assumed, or else the version in which the packet is sound. */
  #versionFor({ version }: ConnectionState, direction: Direction, { bytes }: Frame): ProtocolVersion {
    const known = version ?? this.#assumedVersion;
    if (known !== undefined) return known;
    return !isSoundPacket(bytes, '5.0', direction) && isSoundPacket(bytes, '3.1.1', direction) ? '3.1.1' : '5.0';
  }

  #reportLate(number: number, rule: RuleName, { side, detail, ids }: ReportFacts): void {
    const record: OpenRecord | undefined = this.records.get(number);
    if (record === undefined) return;
    const { version, bytes } = record;
    const facts = { version, side: side ?? 'client', start: 0, end: bytes.length, detail, ids };
    const finding = findingOf(rule, facts);
    if (!finding) return;
    addFinding(record, finding);
    this.records.recount(record);
    this.#touch(number);
  }

  /** Whoever does not ask for what has changed does not make it grow. */
  #touch(number: number): void {
    this.#changed.add(number);
    if (this.#changed.size <= MOST_CHANGED) return;
    for (const oldest of this.#changed) {
      this.#changed.delete(oldest);
      return;
    }
  }

  /** Closed connections go first, the oldest of them at the front. */
  #forgetConnections(): void {
    const { connections } = this.#shared;
    for (const isOpenToo of [false, true]) {
      for (const [id, connection] of connections) {
        if (connections.size <= this.#limits.maximumConnections) return;
        if (connection.closedAt === undefined && !isOpenToo) continue;
        if (connection.closedAt === undefined) {
          closeConnection(this.#shared, connection, { at: this.#now, by: undefined });
        }
        connections.delete(id);
      }
    }
  }
}

const [CONNECT, CONNACK, AUTH] = [1, 2, 15];

/** What is known of a connection for as long as it lasts must not hold a buffer with packets that have gone. */
function isKeptLong([first = 0]: Uint8Array): boolean {
  const type = first >>> 4;
  return type === CONNECT || type === CONNACK || type === AUTH;
}

const NO_MARKS: readonly RecordMark[] = [];

function marksOf({ size, bytes, isCut }: Frame): readonly RecordMark[] {
  if (!isCut && size === bytes.length) return NO_MARKS;
  return [...(size > bytes.length ? (['shortened'] as const) : []), ...(isCut ? (['cut'] as const) : [])];
}

/** A client that is busy with a large packet is not silent. */
function noteHeard(connection: ConnectionState, direction: Direction, at: number): void {
  if (direction === 's2c') return;
  connection.silentMs = at - connection.heardAt;
  connection.longestSilentMs = Math.max(connection.longestSilentMs, connection.silentMs);
  connection.heardAt = at;
}
