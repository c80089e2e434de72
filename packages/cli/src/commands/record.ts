/** `omqtt record`: messages into a file, with everything that is needed to play them again. */
import { topicMatches } from '@omqtt/codec';
import type { Message } from 'omqtt';
import type { Task } from '../command.ts';
import { UsageError, WaitedTooLongError } from '../cli-error.ts';
import { openClient } from '../connect/open-client.ts';
import { exitCodes } from '../exit-codes.ts';
import { expressionOf } from '../expression/compile-expression.ts';
import { topics } from '../options/message-options.ts';
import * as option from '../options/subscribe-options.ts';
import { received, type ReceivedMessage } from '../output/received-message.ts';
import { openRecording } from '../recording/recording-file.ts';
import { Ending, type EndReason } from '../subscribe/ending.ts';
import { filtersByQos } from '../subscribe/filters.ts';
import { subscribeAll } from '../subscribe/subscribe-all.ts';

export async function run(task: Task): Promise<number> {
  const { settings, io, talk, words } = task;
  const [path = '-', ...filters] = words;
  if (filters.length === 0 && !settings.has(topics)) throw new UsageError("no filter: omqtt record FILE 'sensors/#'");
  const isWanted = await selection(task);
  await using open = await openClient(task, { isLongRunning: true });
  const file = await openRecording(io, path);
  const ending = new Ending(settings);
  const take = async (message: ReceivedMessage): Promise<void> => {
    if (ending.isReached || !isWanted(message)) return;
    await file.write(message);
    ending.message();
  };
  try {
    const failed = new Promise<never>((_resolve, reject) => {
      const handler = (message: Message): Promise<void> => take(received(message)).catch(reject);
      const groups = filtersByQos({ ...task, words: filters });
      subscribeAll(task, open, { groups, handler }).catch(reject);
    });
    const reason = await Promise.race([ending.reached, failed, open.ended]);
    judge(settings.get(option.messageCount), reason, ending.seen);
    return exitCodes.done;
  } catch (error) {
    if (ending.seen === 0) file.discard();
    throw error;
  } finally {
    ending.end('time');
    file.close();
    talk.say(`${ending.seen} messages recorded`);
  }
}

/** As with `sub`. */
function judge(wanted: number | undefined, reason: EndReason, seen: number): void {
  if (reason !== 'time' && reason !== 'idle') return;
  if (wanted !== undefined) throw new WaitedTooLongError(`${seen} of ${wanted} messages came in time`);
  if (reason === 'time' && seen === 0) throw new WaitedTooLongError('no message came in time');
}

async function selection(task: Task): Promise<(message: ReceivedMessage) => boolean> {
  const { settings } = task;
  const excluded = settings.get(option.filterOut) ?? [];
  const only = await expressionOf(task, option.only);
  const noRetained = settings.get(option.noRetained) === true;
  return (message) => {
    if (noRetained && message.retain) return false;
    if (excluded.some((filter) => topicMatches(filter, message.topic))) return false;
    return only?.(message) !== false;
  };
}
