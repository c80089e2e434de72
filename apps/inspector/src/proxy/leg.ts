/** One of the two connections that a relay joins. */

export interface Leg {
  /** `127.0.0.1:50000`, or the path of a socket. */
  readonly peer: string;
  /** Nothing is read before. */
  start(sink: LegSink): void;
  /** false: hold until `drained`. The bytes belong to the leg until they are sent. */
  write(bytes: Uint8Array): boolean;
  /** Whether all that was written is sent, so that nothing of it belongs to the leg any more. */
  readonly hasSentAll: boolean;
  /** Takes back a chunk that it gave to its sink, which nobody will read again. */
  free(chunk: Uint8Array): void;
  /** No more will be written: the other direction stays open where the transport can do that. */
  end(): void;
  /** Ends at once, in the way that tells the peer that something went wrong. */
  reset(): void;
  pause(): void;
  resume(): void;
}

export interface LegSink {
  bytes(chunk: Uint8Array): void;
  drained(): void;
  /** The peer has ended its direction. */
  ended(): void;
  /** Nothing more in either direction; called once, after `ended` if that came. */
  closed(how: 'clean' | 'reset'): void;
}

/** Beyond so many bytes that wait for the peer, the other leg is held. */
export const HIGH_WATER_BYTES = 65_536;
