/** What a subscription asks for, checked before anything is sent. */
import {
  type QoS,
  type RetainHandling,
  type SubscriptionRequest,
  type UserProperty,
  validateTopicFilter,
} from '@omqtt/codec';
import { OnlyInV5Error } from '../session/index.ts';
import { InvalidOptionError } from './errors.ts';
import { checkOptions, checkPacket, type OptionRules } from './option-checks.ts';
import type { WaitOptions } from './wait-limit.ts';

/** `on-receipt`: before anyone has seen it. `on-success`: when the handler has ended, or the loop asks for the next. */
export type AckPolicy = 'on-receipt' | 'on-success' | 'manual';

/** `timeoutMs` and `signal` limit the wait for SUBACK: when it is given up, the subscription ends. */
export interface SubscribeOptions extends WaitOptions {
  /** The highest QoS to receive. Default: 1. */
  readonly qos?: QoS;
  /** Leave out what this client publishes itself; 5.0 only. Default: false. */
  readonly noLocal?: boolean;
  /** Keep the retain flag as the publisher set it; 5.0 only. Default: false. */
  readonly retainAsPublished?: boolean;
  /** Whether retained messages come with the subscription: 0 always, 1 only with a new one, 2 never; 5.0 only. Default: 0. */
  readonly retainHandling?: RetainHandling;
  /** 1 to 268 435 455; the server puts it on each message, and messages are routed by it. */
  readonly identifier?: number;
  /** Share the messages with all who name the same group. */
  readonly share?: string;
  /** User properties of SUBSCRIBE; 5.0 only. */
  readonly userProperties?: readonly UserProperty[];
  /** Default: on-success. */
  readonly ack?: AckPolicy;
  /**
   * How many messages may lie here unread, and what happens to one more. Messages that wait for their acknowledgement
   * are never dropped: the Receive Maximum limits them. Default: 1000, drop-oldest.
   */
  readonly buffer?: { readonly max?: number; readonly whenFull?: 'drop-oldest' | 'drop-newest' };
  /** Messages that match go to the most specific exclusive subscription only. Default: false. */
  readonly exclusive?: boolean;
  /** How many messages the handler works on at once. Default: 1. */
  readonly concurrency?: number;
  /** What a handler that fails answers to the server. Default: nack (0x80). */
  readonly onError?: 'nack' | 'ack' | 'leave';
}

/** What is asked of the server. */
export interface SubscriptionWish {
  /** In full, with `$share/group/` in front where the messages are shared. */
  readonly filters: readonly string[];
  readonly subscriptions: readonly SubscriptionRequest[];
  readonly identifier: number | undefined;
  readonly userProperties: readonly UserProperty[] | undefined;
}

export function checkSubscription(
  filters: string | readonly string[],
  options: SubscribeOptions,
  isV5: boolean,
): SubscriptionWish {
  checkOptions(options, rules);
  if (!isV5) refuseV5(options);
  const full = fullFilters(filters, options);
  const { identifier, userProperties } = options;
  const wish = { filters: full, subscriptions: full.map((f) => requestOf(f, options)), identifier, userProperties };
  checkWish(wish);
  return wish;
}

function fullFilters(filters: string | readonly string[], { share, noLocal }: SubscribeOptions): readonly string[] {
  const list = typeof filters === 'string' ? [filters] : filters;
  // A slash would move the border between the name and the filter.
  if (share !== undefined && !/^[^/+#]+$/.test(share)) {
    throw new InvalidOptionError('share', 'is a name without `/`, `+` and `#` [MQTT-4.8.2-1, MQTT-4.8.2-2]');
  }
  if (list.length === 0) throw new InvalidOptionError('filters', 'need at least one');
  const full = [...new Set(share === undefined ? list : list.map((filter) => `$share/${share}/${filter}`))];
  for (const filter of full) validateTopicFilter(filter);
  if (noLocal === true && full.some((filter) => filter.startsWith('$share/'))) {
    throw new InvalidOptionError('noLocal', 'cannot be had with a shared subscription [MQTT-3.8.3-4]');
  }
  return full;
}

function requestOf(filter: string, options: SubscribeOptions): SubscriptionRequest {
  const { qos = 1, noLocal = false, retainAsPublished = false, retainHandling = 0 } = options;
  return { filter, qos, noLocal, retainAsPublished, retainHandling };
}

/** What to ask for when one of several subscriptions to a filter has left, and this one counts again. */
export function renewalOf(filter: string, options: SubscribeOptions, isV5: boolean): SubscriptionRequest {
  const request = requestOf(filter, options);
  // It has had the retained messages, unless the server has forgotten the filter. 3.1.1 sends them anew.
  return isV5 && request.retainHandling === 0 ? { ...request, retainHandling: 1 } : request;
}

/** Whether the server would treat both the same. */
export function asksTheSame(left: SubscribeOptions, right: SubscribeOptions): boolean {
  const [a, b] = [requestOf('', left), requestOf('', right)];
  const isSame = a.qos === b.qos && a.noLocal === b.noLocal && a.retainAsPublished === b.retainAsPublished;
  return isSame && left.identifier === right.identifier;
}

function refuseV5({ noLocal, retainAsPublished, retainHandling, identifier, userProperties }: SubscribeOptions): void {
  if (identifier !== undefined) throw new OnlyInV5Error('a subscription identifier');
  if (userProperties !== undefined) throw new OnlyInV5Error('a user property');
  if (noLocal === true || retainAsPublished === true || (retainHandling ?? 0) !== 0) {
    throw new OnlyInV5Error('a subscription option');
  }
}

// Found out now rather than when the batch is written, when it could only be blamed on everyone.
function checkWish({ subscriptions, identifier, userProperties }: SubscriptionWish): void {
  const properties = {
    ...(identifier !== undefined && { subscriptionIdentifier: identifier }),
    ...(userProperties && { userProperties }),
  };
  checkPacket({ type: 'subscribe', packetId: 1, subscriptions, properties });
}

const rules: OptionRules = {
  qos: 'anything',
  noLocal: 'anything',
  retainAsPublished: 'anything',
  retainHandling: 'anything',
  identifier: 'anything',
  share: 'anything',
  userProperties: 'anything',
  ack: ['on-receipt', 'on-success', 'manual'],
  buffer: { max: [1, Infinity], whenFull: ['drop-oldest', 'drop-newest'] },
  exclusive: 'anything',
  concurrency: [1, Number.MAX_SAFE_INTEGER],
  onError: ['nack', 'ack', 'leave'],
  timeoutMs: 'anything',
  signal: 'anything',
};
