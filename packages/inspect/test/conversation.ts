/** Conversations for tests: who sends what and when, on connections that follow one another. */
import { encode, type Packet, type ProtocolVersion, type Side } from '@omqtt/codec';
import { Inspection, type InspectionOptions, type PacketRecord } from '../src/index.ts';

export type Step =
  | { readonly sender: Side; readonly bytes: Uint8Array }
  | { readonly waitMs: number }
  | { readonly close: Side }
  /** What follows is on this connection; the last one stays open unless it was closed. */
  | { readonly on: string };

const START = Date.UTC(2026, 0, 1, 12);

export function bytesOfHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.replaceAll(' ', '').match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}

export function sends(sender: Side, packet: Packet | string, version: ProtocolVersion = '5.0'): Step {
  // As `either`, so that one side can be made to say what only the other may.
  return { sender, bytes: typeof packet === 'string' ? bytesOfHex(packet) : encode(packet, version) };
}

export interface Told {
  readonly records: readonly PacketRecord[];
  readonly inspection: Inspection;
}

/** A millisecond passes with every step. */
export function tell(steps: readonly Step[], options: InspectionOptions = {}): Told {
  const inspection = new Inspection(options);
  const records: PacketRecord[] = [];
  let at = START;
  let connection = 'one';
  for (const step of steps) {
    at += 'waitMs' in step ? step.waitMs : 1;
    if ('on' in step) connection = step.on;
    else if ('close' in step) records.push(...inspection.close(connection, { at, by: step.close }));
    else if ('waitMs' in step) inspection.time(at);
    else {
      const direction = step.sender === 'client' ? 'c2s' : 's2c';
      records.push(...inspection.bytes(connection, direction, { chunk: step.bytes, at }));
    }
  }
  return { records, inspection };
}
