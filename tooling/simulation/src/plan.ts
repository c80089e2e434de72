/** What a history is made of: how both ends are set up, and the script of what happens to them. Plain data. */
import type { ProtocolVersion, QoS, SubscriptionRequest } from '@omqtt/codec';
import type { AliasPolicy, SessionOptions } from '@omqtt/core/session';

export interface Plan {
  readonly seed: number;
  readonly setup: Setup;
  readonly steps: readonly Step[];
}

/** What may go wrong; each can be left out. */
export const usualFaults = [
  'cut',
  'slice',
  'delay',
  'silence',
  'refuse',
  'lost-session',
  'limits',
  'excess',
  'clock',
  'store',
  'crash',
] as const;

/**
 * The broker takes back what it allowed while messages are on their way that need it. No client can do right by both the
 * limit and the message, so it has to be asked for.
 */
export const unusualFaults = ['shrinking-limits'] as const;
export type Fault = (typeof usualFaults)[number] | (typeof unusualFaults)[number];

export interface Setup {
  readonly version: ProtocolVersion;
  readonly session: SessionOptions;
  /** Empty: the broker gives one. */
  readonly clientId: string;
  readonly client: ClientSetup;
  readonly hasStore: boolean;
  readonly network: { readonly delayMs: number; readonly slices: boolean };
  readonly broker: BrokerSetup;
  readonly application: { readonly delayMs: number; readonly refusesPercent: number };
  /** The client closes with everything at hand, instead of waiting until all is done. */
  readonly closesEarly: boolean;
}

export interface ClientSetup {
  readonly cleanStart: boolean;
  readonly keepAliveSeconds: number;
  readonly expirySeconds: number;
  readonly wantsProblemInformation: boolean;
  readonly maximumPacketBytes: number | undefined;
}

export interface BrokerSetup {
  readonly limits: Limits;
  /** How long it thinks before it acknowledges, at most. */
  readonly delayMs: number;
  readonly refusesPercent: number;
  /** What it said of QoS, retained messages and sizes stays as it is while a session lives. */
  readonly limitsBindSessions: boolean;
  /** It counts what is in flight anew with each connection, and what it has in flight from before not at all. */
  readonly countsAnew: boolean;
}

/** What the broker says in CONNACK; what is left out is as the standard has it. */
export interface Limits {
  readonly receiveMaximum?: number;
  readonly maximumQoS?: 0 | 1;
  readonly retainAvailable?: false;
  readonly maximumPacketBytes?: number;
  readonly topicAliasMaximum?: number;
  readonly serverKeepAliveSeconds?: number;
  readonly sessionExpirySeconds?: number;
  readonly wildcardSubscriptionAvailable?: false;
  readonly sharedSubscriptionAvailable?: false;
  readonly subscriptionIdentifierAvailable?: false;
}

/** What happens, and when, in milliseconds since the beginning. */
export type Step = { readonly at: number } & Act;

export type Act =
  | ({ readonly act: 'publish' } & Burst & { readonly retain: boolean; readonly alias: AliasPolicy })
  | ({ readonly act: 'serve' } & Burst)
  | {
      readonly act: 'subscribe';
      readonly subscriptions: readonly SubscriptionRequest[];
      readonly identifier: number | undefined;
    }
  | { readonly act: 'unsubscribe'; readonly filters: readonly string[] }
  | { readonly act: 'ping' }
  /** Gives up an operation: the last, the last but one, … */
  | { readonly act: 'cancel'; readonly back: number }
  | {
      readonly act: 'disconnect';
      readonly expirySeconds: number | undefined;
      readonly awayMs: number;
      readonly cleanStart: boolean;
    }
  /** The client reads nothing for a while. */
  | { readonly act: 'pause'; readonly forMs: number }
  /** The connection breaks after so many more bytes in a direction, or soon. */
  | { readonly act: 'cut'; readonly direction: 'up' | 'down'; readonly afterBytes: number }
  /** The connection carries nothing any more, and nobody is told. */
  | { readonly act: 'silence' }
  /** The broker ends the connection. */
  | { readonly act: 'dismiss'; readonly reasonCode: number }
  /** The broker refuses the next connections. */
  | { readonly act: 'turn-away'; readonly reasonCode: number; readonly times: number }
  /** The broker is restarted without its memory. */
  | { readonly act: 'forget-session' }
  /** Hold for the next connections. */
  | { readonly act: 'limits'; readonly limits: Limits }
  /** The clock of the client is set. */
  | { readonly act: 'jump'; readonly byMs: number }
  /** The next commits take long, or fail. */
  | { readonly act: 'slow-store'; readonly delayMs: number; readonly commits: number }
  | { readonly act: 'failing-store'; readonly commits: number; readonly isFatal: boolean }
  | { readonly act: 'crash'; readonly downMs: number };

/** Messages in a row. */
export interface Burst {
  readonly topic: string;
  readonly qos: QoS;
  readonly count: number;
  readonly payloadBytes: number;
  readonly expirySeconds: number | undefined;
}
