/** `omqtt sub`: shows messages until it has shown enough. */
import { topicMatches } from '@omqtt/codec';
import type { Message } from 'omqtt';
import { ExpectationError, WaitedTooLongError } from '../cli-error.ts';
import type { Task } from '../command.ts';
import { openClient, type OpenClient } from '../connect/open-client.ts';
import { exitCodes } from '../exit-codes.ts';
import { expressionOf } from '../expression/compile-expression.ts';
import { topics } from '../options/message-options.ts';
import * as option from '../options/subscribe-options.ts';
import { received, type ReceivedMessage } from '../output/received-message.ts';
import { Ending, type EndReason } from '../subscribe/ending.ts';
import { leaveFilters } from '../subscribe/leave-filters.ts';
import { filtersByQos } from '../subscribe/filters.ts';
import { sinkFor } from '../subscribe/sinks.ts';
import { subscribeAll } from '../subscribe/subscribe-all.ts';

export async function run(task: Task): Promise<number> {
  const { settings, words } = task;
  if (settings.has(option.unsubscribe)) {
    await leaveFilters(task);
    if (words.length === 0 && !settings.has(topics)) return exitCodes.done;
  }
  const groups = filtersByQos(task);
  const isShown = await selection(task);
  const until = await expressionOf(task, option.until);
  const expected = await expressionOf(task, option.expect);
  const sink = await sinkFor(task);
  await using open = await openClient(task, { isLongRunning: true });
  const ending = new Ending(settings);
  const retainedOnly = settings.get(option.retainedOnly) === true;
  let isExpected = false;
  const take = async (message: ReceivedMessage): Promise<void> => {
    if (ending.isReached) return;
    if (retainedOnly && !message.retain) return ending.end('no more retained');
    if (expected?.(message) === true) isExpected = true;
    if (isShown(message)) await showOne(message);
    if (until?.(message) === true) ending.end('match');
  };
  const showOne = async (message: ReceivedMessage): Promise<void> => {
    await sink.take(message);
    if (settings.get(option.removeRetained) === true && message.retain) await removeRetained(open, message.topic);
    ending.message();
  };
  const failed = new Promise<never>((_resolve, reject) => {
    const handler = (message: Message): Promise<void> => take(received(message)).catch(reject);
    confirm(task, ending, subscribeAll(task, open, { groups, handler })).catch(reject);
  });
  try {
    const reason = await Promise.race([ending.reached, failed, open.ended]);
    return judge(task, { reason, seen: ending.seen, isExpected });
  } finally {
    sink.end();
    ending.end('time');
  }
}

async function confirm(task: Task, ending: Ending, confirmed: ReturnType<typeof subscribeAll>): Promise<void> {
  const subscriptions = await confirmed;
  if (task.settings.get(option.exitAfterSuback) === true) ending.end('confirmed');
  await ending.reached;
  reportDropped(task, subscriptions);
}

/** Which messages are shown. */
async function selection(task: Task): Promise<(message: ReceivedMessage) => boolean> {
  const { settings } = task;
  const excluded = settings.get(option.filterOut) ?? [];
  const noRetained = settings.get(option.noRetained) === true;
  const only = await expressionOf(task, option.only);
  const every = settings.get(option.sample) ?? 1;
  let matching = 0;
  return (message) => {
    if (noRetained && message.retain) return false;
    if (excluded.some((filter) => topicMatches(filter, message.topic))) return false;
    if (only?.(message) === false) return false;
    matching += 1;
    return matching % every === 0;
  };
}

async function removeRetained({ client }: OpenClient, topic: string): Promise<void> {
  await client.publish(topic, '', { retain: true, qos: 1 });
}

interface Outcome {
  readonly reason: EndReason;
  readonly seen: number;
  readonly isExpected: boolean;
}

function judge({ settings }: Task, { reason, seen, isExpected }: Outcome): number {
  if (settings.has(option.expect) && !isExpected) {
    throw new ExpectationError(`no message matched ${settings.get(option.expect) ?? ''}, of ${seen} that came`);
  }
  if (settings.has(option.until) && reason !== 'match') {
    throw new WaitedTooLongError(
      `no message matched ${settings.get(option.until) ?? ''} in time, of ${seen} that came`,
    );
  }
  const wanted = settings.get(option.messageCount);
  if (reason !== 'time' && reason !== 'idle') return exitCodes.done;
  if (wanted !== undefined) throw new WaitedTooLongError(`${seen} of ${wanted} messages came in time`);
  if (reason === 'time' && seen === 0) throw new WaitedTooLongError('no message came in time');
  return exitCodes.done;
}

function reportDropped({ talk }: Task, subscriptions: readonly { readonly dropped: number }[]): void {
  const dropped = subscriptions.reduce((sum, subscription) => sum + subscription.dropped, 0);
  if (dropped > 0) talk.warn(`${dropped} messages of QoS 0 came faster than they could be written, and were dropped`);
}
