/** What the broker holds at most, and what it lets clients do. All of it can be changed while it runs. */
import type { QoS } from '@omqtt/codec';
import { BrokerOptionError } from './broker-errors.ts';

export interface BrokerLimits {
  /** Clients that are connected at once; the next CONNECT is refused with 0x97. Default: 1000. */
  readonly connections: number;
  /** Sessions, with or without a connection; the next new one is refused with 0x97. Default: 10 000. */
  readonly sessions: number;
  /** Subscriptions of one session; the next one is refused with 0x97. Default: 10 000. */
  readonly subscriptionsPerSession: number;
  /** QoS 1 and 2 messages that wait in one session; the next ones are dropped and counted. Default: 100 000. */
  readonly queuedMessages: number;
  /** Bytes of topic and payload that wait in one session. Default: 64 MiB. */
  readonly queuedBytes: number;
  /** Bytes that wait for the network of one client; above that, QoS 0 messages are dropped and counted. Default: 4 MiB. */
  readonly outputBytes: number;
  /** How long slow subscribers may hold up a publisher before their messages are dropped instead. Default: 1000. */
  readonly publisherHoldMs: number;
  /** Default: 10 000. */
  readonly retainedMessages: number;
  /** Bytes of topic and payload of all retained messages. Default: 64 MiB. */
  readonly retainedBytes: number;
  /** QoS 1 and 2 messages that one client may have unacknowledged; more are answered with 0x93. Default: 65 535. */
  readonly receiveMaximum: number;
  /** Fixed header included; a larger packet is answered with 0x95. Default: 16 MiB. */
  readonly maximumPacketBytes: number;
  /** Topic aliases that a client may use, and that are used towards a client that allows as many. Default: 64. */
  readonly topicAliasMaximum: number;
  /** A message above it is answered with 0x9B. Default: 2. */
  readonly maximumQoS: QoS;
  /** The longest session expiry; 0xFFFFFFFF is without end. Default: 0xFFFFFFFF. */
  readonly sessionExpirySeconds: number;
  /** What clients have to use instead of their own keep-alive. Default: their own. */
  readonly serverKeepAliveSeconds: number | undefined;
  /** How long a connection may take to be accepted. Default: 10. */
  readonly connectTimeoutSeconds: number;
  /** Default: true. */
  readonly retainAvailable: boolean;
  /** Default: true. */
  readonly wildcardSubscriptions: boolean;
  /** Default: true. */
  readonly sharedSubscriptions: boolean;
  /** Default: true. */
  readonly subscriptionIdentifiers: boolean;
}

export const FOREVER_SECONDS = 0xffff_ffff;

const defaults: BrokerLimits = {
  connections: 1000,
  sessions: 10_000,
  subscriptionsPerSession: 10_000,
  queuedMessages: 100_000,
  queuedBytes: 67_108_864,
  outputBytes: 4_194_304,
  publisherHoldMs: 1000,
  retainedMessages: 10_000,
  retainedBytes: 67_108_864,
  receiveMaximum: 65_535,
  maximumPacketBytes: 16_777_216,
  topicAliasMaximum: 64,
  maximumQoS: 2,
  sessionExpirySeconds: FOREVER_SECONDS,
  serverKeepAliveSeconds: undefined,
  connectTimeoutSeconds: 10,
  retainAvailable: true,
  wildcardSubscriptions: true,
  sharedSubscriptions: true,
  subscriptionIdentifiers: true,
};

/** The range of what is a number. */
const ranges: { readonly [Name in keyof BrokerLimits]?: readonly [least: number, most: number] } = {
  receiveMaximum: [1, 65_535],
  maximumPacketBytes: [16, 268_435_460],
  topicAliasMaximum: [0, 65_535],
  maximumQoS: [0, 2],
  sessionExpirySeconds: [0, FOREVER_SECONDS],
  serverKeepAliveSeconds: [0, 65_535],
};

/** `changes` over `limits`; throws a `BrokerOptionError` for what makes no sense. */
export function changeLimits(changes: Partial<BrokerLimits>, limits: BrokerLimits = defaults): BrokerLimits {
  const changed: Record<string, unknown> = { ...limits };
  for (const [name, value] of Object.entries(changes)) {
    if (!(name in defaults)) throw new BrokerOptionError(`limits.${name}`, 'There is no such limit.');
    if (value === undefined && name !== 'serverKeepAliveSeconds') continue;
    checkLimit(name as keyof BrokerLimits, value);
    changed[name] = value;
  }
  return changed as unknown as BrokerLimits;
}

function checkLimit(name: keyof BrokerLimits, value: number | boolean | undefined): void {
  if (value === undefined) return;
  if (typeof defaults[name] === 'boolean') {
    if (typeof value !== 'boolean') throw new BrokerOptionError(`limits.${name}`, 'It is true or false.');
    return;
  }
  const [least, most] = ranges[name] ?? [0, Number.MAX_SAFE_INTEGER];
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return;
  throw new BrokerOptionError(`limits.${name}`, `It is a whole number from ${least} to ${most}.`);
}
