/** What a capture file holds, whatever its format: what to tell an `Inspection`, in order. */
import type { Side } from '@omqtt/codec';
import type { Direction } from '../direction.ts';
import type { ConnectionOrigin } from '../packet-record.ts';

export type CaptureEvent =
  | {
      readonly type: 'open';
      readonly connection: string;
      readonly at: number;
      readonly isPartial: boolean;
      readonly isEndSeen: boolean;
      readonly origin?: ConnectionOrigin | undefined;
    }
  /** A piece of a stream, as it came off the wire. */
  | {
      readonly type: 'bytes';
      readonly connection: string;
      readonly direction: Direction;
      readonly at: number;
      readonly chunk: Uint8Array;
    }
  /** A packet that was cut out of its stream before. */
  | {
      readonly type: 'packet';
      readonly connection: string;
      readonly direction: Direction;
      readonly at: number;
      readonly bytes: Uint8Array;
      readonly size: number;
      readonly isGarbage: boolean;
      readonly isCut: boolean;
      /** Of its connection. */
      readonly origin?: ConnectionOrigin | undefined;
      /** A reader marked it, with this comment, which may be empty. */
      readonly mark?: string | undefined;
    }
  | {
      readonly type: 'close';
      readonly connection: string;
      readonly at: number;
      readonly by: Side | undefined;
      /** Why the connection could not be, as a sentence. */
      readonly reason?: string | undefined;
    };

/** Comments of the records that a reader marked, by their numbers. */
export type MarkComments = ReadonlyMap<number, string>;

export type CaptureFormat = 'ndjson' | 'omq' | 'pcap' | 'pcapng';

export interface Capture {
  readonly format: CaptureFormat;
  readonly events: readonly CaptureEvent[];
  /** What could not be read, as sentences; empty when all was. */
  readonly problems: readonly string[];
}
