/** Subscribes to all filters of a command, and says which of them the broker refused. */
import type { MessageHandler, SubscribeError, SubscribeOptions, Subscription } from 'omqtt';
import type { Task } from '../command.ts';
import type { OpenClient } from '../connect/open-client.ts';
import { properties } from '../options/connection-options.ts';
import type { Qos } from '../options/message-options.ts';
import { propertiesFor } from '../options/raw-properties.ts';
import * as option from '../options/subscribe-options.ts';

/** More than a burst; what is beyond is dropped at QoS 0, and counted. */
const MOST_BUFFERED = 100_000;

/** Resolves when the broker has confirmed. Rejects with the first refusal, unless `--partial` and others were granted. */
export async function subscribeAll(
  task: Task,
  { client }: OpenClient,
  { groups, handler }: { readonly groups: ReadonlyMap<Qos, readonly string[]>; readonly handler: MessageHandler },
): Promise<readonly Subscription[]> {
  const subscriptions = Array.from(groups, ([qos, filters]) =>
    client.subscribe(filters, subscribeOptionsOf(task, qos), handler),
  );
  const results = await Promise.allSettled(subscriptions.map(({ ready }) => ready));
  const refusals = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as SubscribeError] : []));
  const [first] = refusals;
  if (first === undefined) return subscriptions;
  const refused = refusals.reduce((sum, { failures }) => sum + (failures?.size ?? Infinity), 0);
  const wanted = [...groups.values()].reduce((sum, { length }) => sum + length, 0);
  if (task.settings.get(option.partial) !== true || refused >= wanted) throw first;
  for (const { message } of refusals) task.talk.warn(message);
  return subscriptions;
}

const handling = { always: 0, new: 1, never: 2 } as const;

function subscribeOptionsOf({ settings }: Task, qos: Qos): SubscribeOptions {
  const chosen = settings.get(option.retainHandling);
  const share = settings.get(option.share);
  const raw = propertiesFor('subscribe', settings.get(properties));
  const identifier = settings.get(option.subscriptionId) ?? (raw['subscriptionIdentifier'] as number | undefined);
  const userProperties = raw['userProperties'] as readonly (readonly [string, string])[] | undefined;
  return {
    qos,
    buffer: { max: MOST_BUFFERED },
    ...(settings.get(option.noLocal) === true && { noLocal: true }),
    ...(settings.get(option.retainAsPublished) === true && { retainAsPublished: true }),
    ...(chosen && { retainHandling: handling[chosen] }),
    ...(share !== undefined && { share }),
    ...(identifier !== undefined && { identifier }),
    ...(userProperties && { userProperties }),
  };
}
