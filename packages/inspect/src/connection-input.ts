/** What an inspection is told of a connection besides its bytes. */
import type { Side } from '@omqtt/codec';
import type { ConnectionOrigin } from './packet-record.ts';

export interface ConnectionOpening {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The beginning of the connection was not seen, so that its first packet need not be CONNECT. Default: false. */
  readonly isPartial?: boolean;
  /** The first bytes may come from the middle of a packet, and are left until one begins. Default: false. */
  readonly isCutIn?: boolean;
  /** `close` will be called when it ends; false for captures that may stop before. Default: true. */
  readonly isEndSeen?: boolean;
  readonly origin?: ConnectionOrigin | undefined;
}

export interface ConnectionClosing {
  readonly at: number;
  /** Who ended it, if that is known. */
  readonly by?: Side | undefined;
  /** Why it could not be, as a sentence: told instead of who ended it. */
  readonly reason?: string | undefined;
}

export interface CutOutPacket {
  readonly bytes: Uint8Array;
  readonly at: number;
  /** How long it was on the wire, when `bytes` is only its beginning. */
  readonly size?: number;
  readonly isGarbage?: boolean;
  /** The connection ended within it, or it is the rest of one whose beginning was not seen. */
  readonly isCut?: boolean;
  /** Of a connection that begins with it. */
  readonly origin?: ConnectionOrigin | undefined;
}
