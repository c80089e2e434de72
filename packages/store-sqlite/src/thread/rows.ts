/** The rows of the tables as they are read, and whether they are sound. */
import { decodeState } from '../flight-state.ts';
import { checksumOf, recordChecksum } from './checksums.ts';
import { corrupt } from './fault.ts';

/** Sequence, state, bytes of the payload, checksum, record: without names, since there can be many. */
export type LogRow = readonly [number, number, number, number, Buffer];

export interface SessionRow {
  readonly number: number;
  readonly client_id: string;
  readonly facts: string;
  readonly sequence_ceiling: number;
  readonly checksum: number;
}

export interface InboundRow {
  readonly session: number;
  readonly packet_id: number;
  readonly position: number;
  readonly checksum: number;
}

export interface SubscriptionRow {
  readonly session: number;
  readonly filter: string;
  readonly options: string;
  readonly checksum: number;
}

export function checkLogRow([sequence, state, payloadBytes, checksum, record]: LogRow): void {
  const isSound =
    record.length > 8 &&
    recordChecksum(record) === checksum &&
    // The record says itself where it belongs: one that a fault has put elsewhere is found out.
    record.readDoubleLE(0) === sequence &&
    payloadBytes <= record.length &&
    decodeState(state) !== undefined;
  if (!isSound) throw corrupt(`message ${sequence} is not what was written`);
}

export function checkSessionRow(row: SessionRow): SessionRow {
  const isSound = row.checksum === checksumOf(row.client_id, row.facts, row.sequence_ceiling);
  if (!isSound) throw corrupt(`session ${row.number} is not what was written`);
  return row;
}

export function checkInboundRow(row: InboundRow): InboundRow {
  const isSound = row.checksum === checksumOf(row.session, row.packet_id, row.position);
  if (!isSound) throw corrupt(`inbound id ${row.packet_id} is not what was written`);
  return row;
}

export function checkSubscriptionRow(row: SubscriptionRow): SubscriptionRow {
  const isSound = row.checksum === checksumOf(row.session, row.filter, row.options);
  if (!isSound) throw corrupt('a subscription is not what was written');
  return row;
}
