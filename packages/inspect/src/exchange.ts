/** Packets that belong together: a question and its answers, with the time between them. */
import type { RecordType } from './packet-record.ts';

export type ExchangeKind = 'connect' | 'publish' | 'subscribe' | 'unsubscribe' | 'ping' | 'auth' | 'request';

/** `refused`: the answer is a failure; `lost`: the session or connection ended before the answer. */
export type ExchangeStatus = 'open' | 'done' | 'refused' | 'lost';

export interface ExchangeStep {
  /** Of the record. */
  readonly number: number;
  readonly type: RecordType;
  readonly at: number;
}

export interface Exchange {
  readonly kind: ExchangeKind;
  readonly status: ExchangeStatus;
  /** The packets so far, in their order; of those that are sent again and again the last ones are left out. */
  readonly steps: readonly ExchangeStep[];
  /** Milliseconds from the first packet to the one that ended the exchange. */
  readonly roundTripMs: number | undefined;
}

export type OpenExchange = { -readonly [Key in keyof Exchange]: Exchange[Key] };

/** Of an exchange whose packets are repeated for ever, so many are listed. */
const MOST_STEPS = 32;

export function openExchange(kind: ExchangeKind): OpenExchange {
  return { kind, status: 'open', steps: [], roundTripMs: undefined };
}

export function addStep(exchange: OpenExchange, step: ExchangeStep): void {
  // From `concat` it is as long as what is in it; from `push` or a spread it has room for 16 more.
  if (exchange.steps.length < MOST_STEPS) exchange.steps = exchange.steps.concat(step);
}

export function endExchange(exchange: OpenExchange, status: ExchangeStatus, at: number): void {
  if (exchange.status !== 'open') return;
  exchange.status = status;
  const first = exchange.steps[0];
  if (status !== 'lost' && first) exchange.roundTripMs = Math.max(0, at - first.at);
}

/** The time that each step took after the one before it: the legs of QoS 2. */
export function legsOf({ steps }: Exchange): { readonly type: RecordType; readonly milliseconds: number }[] {
  return steps.slice(1).map(({ type, at }, index) => ({ type, milliseconds: at - (steps[index]?.at ?? at) }));
}
