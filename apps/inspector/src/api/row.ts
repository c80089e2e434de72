/** A record as a line of a list, and as what is shown beside it. What is secret is masked in both unless it is revealed. */
import type {
  Direction,
  Exchange,
  ExchangeKind,
  ExchangeStatus,
  Finding,
  RecordMark,
  RecordType,
  Severity,
} from '@omqtt/inspect';
import type { ProtocolVersion } from '@omqtt/codec';

/** The columns of one record. */
export interface Row {
  /** Of the record: 1, 2, 3, … as it was seen; never used again. */
  readonly number: number;
  /** Milliseconds since 1970, with fractions. */
  readonly at: number;
  readonly connection: string;
  /** Of the connection, as far as it is known. */
  readonly clientId?: string;
  readonly direction: Direction;
  readonly type: RecordType;
  /** What a reader wants to know without opening it; control characters are escaped. */
  readonly summary: string;
  /** Of a PUBLISH, with its alias resolved. Not escaped: show it as text. */
  readonly topic?: string;
  readonly packetId?: number;
  readonly qos?: number;
  /** Bytes on the wire. */
  readonly size: number;
  readonly payloadBytes?: number;
  readonly pair?: RowPair;
  /** The worst of its findings. */
  readonly severity?: Severity;
  /** How many findings it has. */
  readonly findings?: number;
  readonly marks?: readonly RecordMark[];
  /** Index of the first filter of `colours` that lets it through. */
  readonly colour?: number;
}

export interface RowPair {
  readonly kind: ExchangeKind;
  readonly status: ExchangeStatus;
  /** Milliseconds; missing while the exchange is open. */
  readonly roundTripMs?: number;
  /** Numbers of the first and the last record of the exchange so far. */
  readonly first: number;
  readonly last: number;
}

/** A record with all there is: `fieldsOf(toRecord(detail))` is its tree, `formatHex` its bytes. */
export interface RecordDetail {
  readonly row: Row;
  readonly version: ProtocolVersion;
  /** Base64. Fewer than `row.size` when only the beginning was kept. */
  readonly bytes64: string;
  readonly pair?: Exchange;
  readonly request?: Exchange;
  readonly findings: readonly Finding[];
}
