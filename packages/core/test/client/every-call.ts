/** All the calls that may have to wait. */
import type { AuthMechanism, Client, PublishOptions, PublishReceipt } from '../../src/index.ts';
import { watch, type Watched } from './bench.ts';

/** One of each call that has to wait for something, as far as the state of the client allows it. */
export function callEverything(client: Client): Record<string, Watched<unknown>> {
  const subscription = client.subscribe('a/#');
  const loop = subscription[Symbol.asyncIterator]();
  return {
    publish1: watch(client.publish('a', '1', { qos: 1 })),
    publish2: watch(client.publish('a', '2', { qos: 2 })),
    calledBack: watch(publishCallingBack(client, { qos: 1 })),
    enqueue: watch(client.enqueue('a', '3', { qos: 1 }).then(({ receipt }) => receipt)),
    ready: watch(subscription.ready),
    loop: watch(loop.next()),
    next: watch(subscription.next()),
    request: watch(client.request('service', 'x')),
    ping: watch(client.ping()),
    reauthenticate: watch(client.reauthenticate()),
    unsubscribe: watch(client.subscribe('b').unsubscribe()),
  };
}

/** A promise of what the callback is told. */
export function publishCallingBack(client: Client, options: PublishOptions): Promise<PublishReceipt> {
  return new Promise((resolve, reject) => {
    client.publish('a', 'x', options, (error, receipt) => {
      if (receipt === undefined) reject(error ?? new Error('called back with nothing'));
      else resolve(receipt);
    });
  });
}

export function pendingOf(calls: Record<string, Watched<unknown>>): string[] {
  return Object.keys(calls).filter((name) => calls[name]?.state === 'pending');
}

export const silentMechanism: AuthMechanism = {
  method: 'M',
  start: () => undefined,
  challenge: () => undefined,
  success: () => undefined,
};
