/** What the inspector knows of one packet. */
import type { Packet, PacketType, ProtocolVersion } from '@omqtt/codec';
import { readPacket } from './decode/read-packet.ts';
import type { FieldNode } from './decode/field.ts';
import type { InspectedPacket } from './decode/inspected-packet.ts';
import { senderOf, type Direction } from './direction.ts';
import type { Exchange } from './exchange.ts';
import type { Finding } from './lint/finding.ts';

/** `reserved`: the type is not one of MQTT; `garbage`: the bytes are no packet at all. */
export type RecordType = PacketType | 'reserved' | 'garbage';

export type RecordMark =
  | 'redelivery'
  | 'orphan'
  | 'duplicate'
  /** Only the beginning of the bytes was kept. */
  | 'shortened'
  /** The connection ended within the packet; of garbage: it is the rest of one whose beginning was not seen. */
  | 'cut'
  /** What is secret in it was overwritten. */
  | 'redacted'
  | 'edited'
  | 'injected'
  | 'faulted'
  | 'held'
  | 'marked';

/** Where a connection came in. */
export interface ConnectionOrigin {
  /** The URL of the listener that took it. */
  readonly listener?: string | undefined;
  /** The name that the client asked for in TLS. */
  readonly sni?: string | undefined;
}

/** One that a store gives may be made anew for you: what comes to be known later is in the one that you ask for later. */
export interface PacketRecord {
  /** 1, 2, 3, … in the order of their last bytes. */
  readonly number: number;
  readonly connection: string;
  /** As far as it was told; files of other programs do not have it. */
  readonly origin?: ConnectionOrigin | undefined;
  readonly direction: Direction;
  /** Milliseconds since 1970, with fractions. */
  readonly at: number;
  readonly version: ProtocolVersion;
  readonly type: RecordType;
  /**
   * As far as the bytes tell: any member may be missing. With an `error` at codec level it is not a sound packet. It may be
   * decoded anew each time, so keep it while you work on it; a spread of the record does not have it (see `changedRecord`).
   */
  readonly packet: InspectedPacket | undefined;
  /** May be a view of a buffer that other records share: never transfer its buffer. */
  readonly bytes: Uint8Array;
  /** How long it was on the wire; more than `bytes` when only its beginning was kept. */
  readonly size: number;
  /** Of the connection, as far as it is known. */
  readonly clientId: string | undefined;
  /** Of a PUBLISH, with its alias resolved. */
  readonly topic: string | undefined;
  /** The exchange that the packet belongs to: the same object in all records of the exchange. */
  readonly pair: Exchange | undefined;
  /** The request that the message makes or answers. */
  readonly request: Exchange | undefined;
  readonly findings: readonly Finding[];
  readonly marks: readonly RecordMark[];
}

/** A record while the inspection works on it. */
export interface OpenRecord extends PacketRecord {
  topic: string | undefined;
  pair: Exchange | undefined;
  request: Exchange | undefined;
  findings: readonly Finding[];
  marks: readonly RecordMark[];
}

// A list from `concat` is as long as what is in it; one from `push` or a spread has room for 16 more.
export function addFinding(record: OpenRecord, finding: Finding): void {
  record.findings = record.findings.concat(finding);
}

export function addMark(record: OpenRecord, mark: RecordMark): void {
  record.marks = record.marks.concat(mark);
}

/** A copy in which some members are others. It is plain, so that it survives `structuredClone` and `postMessage`. */
export function changedRecord(record: PacketRecord, changes: Partial<PacketRecord>): PacketRecord {
  return { ...record, packet: record.packet, ...changes };
}

/** The tree of fields with their bytes. Computed anew each time: ask for it when it is looked at. */
export function fieldsOf(record: PacketRecord): readonly FieldNode[] {
  const { bytes, version, direction, size, type } = record;
  if (type === 'garbage') return [{ name: 'garbage', path: 'garbage', start: 0, end: bytes.length, value: bytes }];
  return readPacket(bytes, { version, sender: senderOf(direction), isShortened: size > bytes.length }).fields;
}

/** How long the payload of a PUBLISH was on the wire: more than `packet.payload` when only its beginning was kept. */
export function payloadSizeOf({ packet, bytes, size }: PacketRecord): number {
  if (packet?.type !== 'publish' || packet.payload === undefined) return 0;
  return packet.payload.length + size - bytes.length;
}

/** The first thing that makes the packet malformed: `undefined` for a sound one. */
export function faultOf(record: PacketRecord): Finding | undefined {
  return record.findings.find(({ level, severity }) => level === 'codec' && severity === 'error');
}

/** The packet of a sound record, with all its members. */
export function soundPacket(record: PacketRecord): Packet | undefined {
  const isSound = faultOf(record) === undefined && record.size === record.bytes.length;
  return isSound ? (record.packet as Packet | undefined) : undefined;
}
