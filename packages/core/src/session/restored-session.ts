/** What a driver gives back to a session that a store has kept. */
import type { StoredMessage, StoredSubscription } from '@omqtt/contracts/session-store';

/** What a store kept of a session. */
export interface RestoredSession {
  readonly exists: boolean;
  /** There never was a session. */
  readonly isNew: boolean;
  readonly clientId: string;
  readonly messages: readonly StoredMessage[];
  /** How many more wait, and the bytes of their payloads; they are asked for later. What was sent is among `messages`. */
  readonly unread?: { readonly messages: number; readonly bytes: number } | undefined;
  readonly inboundIds: readonly number[];
  readonly subscriptions: readonly StoredSubscription[];
  readonly nextSequence: number;
}
