/** A store keeps the state of one session, so that it outlives a connection, or the process. */
import type { PublishProperties, QoS, SubscriptionRequest } from '@omqtt/codec';

export interface SessionStore {
  /** Whether what was committed outlives the process. */
  readonly isDurable: boolean;
  /**
   * Reads what is kept for the client id. Rejects with a `StoreError` while another owner has it open, and while this
   * store has any session open: it has one at a time.
   */
  open(clientId: string): Promise<StoredSession>;
  /**
   * All changes or none, in their order. Returns nothing when they are done, or a promise that settles when they are.
   * Fails with a `StoreError`, thrown or rejected; when a type of change is unknown, too. A change of a message or an id
   * that is not there does nothing, so a commit may be repeated.
   */
  commit(changes: readonly StoreChange[]): Promise<void> | void;
  /** Lets others open it. Resolves when all commits have ended. */
  close(): Promise<void>;
}

/** What was kept, without the messages, which are read by the window. */
export interface StoredSession {
  /** What the server assigned, when this side had asked with an empty id. */
  readonly assignedClientId?: string;
  /** The last session expiry that was agreed on; `undefined` when no session was ever established. */
  readonly expirySeconds?: number;
  /** When the last connection ended, or was last known to live, in milliseconds since 1970. */
  readonly aliveAt?: number;
  /** QoS 2 messages that were taken over, and whose PUBREL has not come. */
  readonly inboundIds: readonly number[];
  readonly subscriptions: readonly StoredSubscription[];
  /** `bytes` are those of the payloads. */
  readonly outbound: { readonly messages: number; readonly bytes: number };
  /** Above 0, and higher than every sequence that ever was in the store. */
  readonly nextSequence: number;
  /**
   * Outbound messages behind `after` in the order of their sequence, at most `limit`. A store may end a window early, to
   * keep it small; only an empty one says that there are no more.
   */
  read(after: number, limit: number): Promise<readonly StoredMessage[]> | readonly StoredMessage[];
}

/** A QoS 1 or 2 message that this side has accepted, and whose delivery has not ended. */
export interface StoredMessage {
  /** Grows with every accepted message; the key. A packet id is only lent for the time in flight. */
  readonly sequence: number;
  readonly stage: OutboundStage;
  /** From `sent` on. */
  readonly packetId?: number;
  /** Always in full: an alias belongs to a connection. */
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: QoS;
  readonly retain: boolean;
  readonly properties?: PublishProperties;
  /** Milliseconds since 1970, when the message has an expiry. */
  readonly expiresAt?: number;
}

/** `waiting`: never sent. `sent`: PUBLISH may have left. `released`: PUBREC has come, and only PUBREL is left to do. */
export type OutboundStage = 'waiting' | 'sent' | 'released';

export interface StoredSubscription extends SubscriptionRequest {
  readonly identifier?: number;
  /** The server has not answered yet, so it may not know of it. */
  readonly isPending?: boolean;
  /** It was taken back, and the server has not answered yet, so it may still have it. */
  readonly isLeaving?: boolean;
}

export type StoreChange =
  | { readonly type: 'put'; readonly message: StoredMessage }
  | { readonly type: 'sent'; readonly sequence: number; readonly packetId: number }
  | { readonly type: 'released'; readonly sequence: number }
  /** The session was lost: the message begins anew, without an id. */
  | { readonly type: 'unsent'; readonly sequence: number }
  | { readonly type: 'remove'; readonly sequence: number }
  | { readonly type: 'received'; readonly packetId: number }
  | { readonly type: 'forget'; readonly packetId: number }
  | { readonly type: 'forget-all' }
  | { readonly type: 'subscribe'; readonly subscription: StoredSubscription }
  | { readonly type: 'unsubscribe'; readonly filter: string }
  | { readonly type: 'client-id'; readonly clientId: string }
  | { readonly type: 'alive'; readonly expirySeconds: number; readonly aliveAt: number };

/** What stores reject with. */
export interface StoreError extends Error {
  readonly code: 'store-locked' | 'store-full' | 'store-corrupt' | 'store-too-new' | 'store-failed' | 'store-closed';
  readonly retryable: boolean;
}
