/** A record as an object: while it is new, and for whoever asks. Its packet is decoded from its bytes when that is not known. */
import { decodeFrame } from './decode/decode-frame.ts';
import type { InspectedPacket } from './decode/inspected-packet.ts';
import type { Exchange } from './exchange.ts';
import type { Finding } from './lint/finding.ts';
import type { OpenRecord, PacketRecord, RecordMark } from './packet-record.ts';

/** What is known of a packet before it is looked at. */
export type RecordFacts = Pick<
  PacketRecord,
  | 'number'
  | 'connection'
  | 'origin'
  | 'direction'
  | 'at'
  | 'version'
  | 'type'
  | 'bytes'
  | 'size'
  | 'clientId'
  | 'packet'
> & { readonly isOld: boolean; readonly findings: readonly Finding[]; readonly marks: readonly RecordMark[] };

export class StoredRecord implements OpenRecord {
  readonly number: number;
  readonly connection: string;
  readonly origin: PacketRecord['origin'];
  readonly direction: PacketRecord['direction'];
  readonly at: number;
  readonly version: PacketRecord['version'];
  readonly type: PacketRecord['type'];
  readonly bytes: Uint8Array;
  readonly size: number;
  readonly clientId: string | undefined;
  topic: string | undefined;
  pair: Exchange | undefined;
  request: Exchange | undefined;
  findings: readonly Finding[];
  marks: readonly RecordMark[];
  /** MQTT 3.1. */
  readonly isOld: boolean;
  /** Of a new one, because all look at it then. */
  readonly #packet: InspectedPacket | undefined;

  constructor(facts: RecordFacts) {
    this.number = facts.number;
    this.connection = facts.connection;
    this.origin = facts.origin;
    this.direction = facts.direction;
    this.at = facts.at;
    this.version = facts.version;
    this.type = facts.type;
    this.bytes = facts.bytes;
    this.size = facts.size;
    this.clientId = facts.clientId;
    this.topic = undefined;
    this.pair = undefined;
    this.request = undefined;
    this.findings = facts.findings;
    this.marks = facts.marks;
    this.isOld = facts.isOld;
    this.#packet = facts.packet;
  }

  get packet(): InspectedPacket | undefined {
    return this.#packet ?? this.#decoded();
  }

  #decoded(): InspectedPacket | undefined {
    if (this.type === 'garbage') return undefined;
    const { bytes, version, direction, marks } = this;
    const size = marks.includes('cut') ? bytes.length : this.size;
    return decodeFrame(bytes, { version, direction, size, isOld: this.isOld }).packet;
  }
}
