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
export function leave(machine: Machine, filter: string): void {
  const request = machine.state.declarations.get(filter)?.request ?? { filter, ...plainOptions };
  machine.state.declarations.delete(filter);
  persist(machine, { type: 'subscribe', subscription: { ...request, isLeaving: true } });
}

const plainOptions = { qos: 0, noLocal: false, retainAsPublished: false, retainHandling: 0 } as const;

/** The server does not have the filter any more, unless it was asked for again since. */
export function left(machine: Machine, filter: string): void {
  if (machine.state.declarations.get(filter) === undefined) persist(machine, { type: 'unsubscribe', filter });
}

export function keep(machine: Machine, { request, identifier, isGranted }: Declaration): void {
  const subscription = { ...request, ...(identifier !== undefined && { identifier }) };
  persist(machine, {
    type: 'subscribe',
    subscription: isGranted ? subscription : { ...subscription, isPending: true },
  });
}
