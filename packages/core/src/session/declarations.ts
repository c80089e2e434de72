/** The filters that this side wants to be subscribed to, and what the store knows of them. */
import type { SubscriptionRequest } from '@omqtt/codec';
import { type Machine, persist } from './machine.ts';

/** A filter that this side wants to be subscribed to. */
export interface Declaration {
  readonly request: SubscriptionRequest;
  readonly identifier: number | undefined;
  /** The server has granted it in this session; false while its answer is open. */
  isGranted: boolean;
}

/** Keeps the filter at the server, and forgets to renew it. */
export function undeclare(machine: Machine, filter: string): void {
  if (machine.state.declarations.delete(filter)) persist(machine, { type: 'unsubscribe', filter });
}

/** UNSUBSCRIBE is about to leave. Until its answer comes the server may have the filter, whatever becomes of the process. */
export function leave(machine: Machine, filter: string, exchange: object): void {
  const { state } = machine;
  const request = state.declarations.get(filter)?.request ?? { filter, ...plainOptions };
  state.declarations.delete(filter);
  (state.leaving ??= new Map()).set(filter, exchange);
  persist(machine, { type: 'subscribe', subscription: { ...request, isLeaving: true } });
}

const plainOptions = { qos: 0, noLocal: false, retainAsPublished: false, retainHandling: 0 } as const;

/** The server does not have the filter any more, unless it was asked for it, or to forget it, again since. */
export function left(machine: Machine, filter: string, exchange: object): void {
  const { leaving } = machine.state;
  if (leaving?.get(filter) !== exchange) return;
  leaving.delete(filter);
  persist(machine, { type: 'unsubscribe', filter });
}

export function keep(machine: Machine, { request, identifier, isGranted }: Declaration): void {
  machine.state.leaving?.delete(request.filter);
  const subscription = { ...request, ...(identifier !== undefined && { identifier }) };
  persist(machine, {
    type: 'subscribe',
    subscription: isGranted ? subscription : { ...subscription, isPending: true },
  });
}
