/** What the broker keeps of a client beyond its connection (§4.1). */
import type { Will } from '@omqtt/codec';
import type { ClientConnection } from './client-connection.ts';
import type { Engine } from './engine.ts';
import { Outbound } from './outbound.ts';
import type { Subscription } from './subscription.ts';

export class Session {
  readonly clientId: string;
  readonly username: string | undefined;
  readonly outbound: Outbound;
  readonly subscriptions: Map<string, Subscription> = new Map<string, Subscription>();
  /** QoS 2 messages that were taken over, and whose PUBREL has not come. */
  readonly inboundIds: Set<number> = new Set<number>();
  /** How long it outlives its connection. */
  expirySeconds = 0;
  connection: ClientConnection | undefined;
  /** A will that waits for its delay. */
  will: DelayedWill | undefined;
  /** Takes back the end that is set for a session without a connection. */
  cancelExpiry: (() => void) | undefined;
  /** Milliseconds since 1970. */
  expiresAt: number = Infinity;
  /** What the distribution of one message has found for this session. */
  readonly matched: Matched = { mark: 0, qos: 0, retain: false, identifiers: undefined };

  constructor(engine: Engine, clientId: string, username: string | undefined) {
    this.clientId = clientId;
    this.username = username;
    this.outbound = new Outbound(engine);
  }
}

export interface DelayedWill {
  readonly will: Will;
  readonly cancel: () => void;
}

/** Its members change from message to message: a new object for each would be garbage at once. */
export interface Matched {
  mark: number;
  qos: 0 | 1 | 2;
  retain: boolean;
  identifiers: number[] | undefined;
}
