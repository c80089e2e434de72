/** The other side of a connection, as an exam of a transport sees it. */
import type { Dial, Target, TransportErrorCode } from '@omqtt/contracts';

/** What a transport brings to its exam: the dial, and a listener that is not made with this transport. */
export interface TransportSetup {
  readonly dial: Dial;
  /** A new listener for each case. */
  readonly listen: () => Promise<ExamListener>;
  readonly capabilities?: TransportCapabilities;
}

export interface ExamListener {
  readonly target: Target;
  /** The next connection, in the order in which they came; it may wait for one. */
  accept(): Promise<ExamPeer>;
  /** From now on `target` refuses connections; those that are open need not be waited for. */
  close(): Promise<void>;
}

/** The far end of one connection. */
export interface ExamPeer {
  /** Exactly so many bytes, in their order; rejects when the stream ends before. */
  read(count: number): Promise<Uint8Array>;
  /** Resolves when the bytes have left this side, which takes until the other side reads them if they are many. */
  write(bytes: Uint8Array): Promise<void>;
  /** Ends in order, after what was written. */
  end(): void;
  /** Ends out of order, as a crash does. */
  reset(): void;
  /** Stops reading from the network, so that the other side has to wait. */
  pause(): void;
  resume(): void;
  /** Resolves when the connection is gone, whatever ended it. */
  readonly closed: Promise<void>;
}

/** What the runtime lets this transport do. Everything that is left out is expected in full. */
export interface TransportCapabilities {
  /** `info.isSecure` of each connection; `info.tls` is then asked for, too. Default: false. */
  readonly isSecure?: boolean;
  /** `info.protocol` of each connection. Default: not examined. */
  readonly protocol?: string;
  /** What a target where nobody listens rejects with. Default: `connection-refused`. */
  readonly refusalCode?: TransportErrorCode;
  /** `write` returns false when the peer does not read. Default: true. */
  readonly hasBackPressure?: boolean;
  /** `pause` reaches the peer; without it, bytes must still not reach the sink. Default: true. */
  readonly canPause?: boolean;
  /** The end of a peer that crashed differs from an orderly one. Default: true. */
  readonly canTellReset?: boolean;
  /** How long a step of a case may take before the case fails. Default: 10000. */
  readonly limitMs?: number;
}
