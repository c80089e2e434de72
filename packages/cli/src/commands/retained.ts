/** `omqtt retained`: what the broker keeps: topics, messages, or their end. */
import { UsageError } from '../cli-error.ts';
import type { Task } from '../command.ts';
import { openClient, type OpenClient } from '../connect/open-client.ts';
import { exitCodes } from '../exit-codes.ts';
import { settle, yes } from '../options/recording-options.ts';
import { topics } from '../options/message-options.ts';
import { json } from '../options/output-options.ts';
import { messagePrinter } from '../output/message-printer.ts';
import { received, type ReceivedMessage } from '../output/received-message.ts';
import { escapeLine } from '../output/terminal-text.ts';
import { Flights } from '../publish/flights.ts';

export async function run(task: Task): Promise<number> {
  const { settings, words, io } = task;
  const [action = '', ...rest] = words;
  const filters = [...rest, ...(settings.get(topics) ?? [])];
  if (filters.length === 0) throw new UsageError(`no filter: omqtt retained ${action} 'FILTER'`);
  const show = action === 'get' || settings.get(json) === true ? await messagePrinter(io, settings) : listTopic(task);
  await using open = await openClient(task, { isLongRunning: false });
  const found: string[] = [];
  const take = (message: ReceivedMessage): void => {
    found.push(message.topic);
    show(message);
  };
  await Promise.race([collect(task, open, { filters, take }), open.ended]);
  if (action !== 'clear') return exitCodes.done;
  if (settings.get(yes) !== true) {
    task.talk.say(`${found.length} retained messages would be cleared; add --yes to do it`);
    return exitCodes.done;
  }
  await Promise.race([clear(open, found), open.ended]);
  task.talk.say(`${found.length} retained messages cleared`);
  return exitCodes.done;
}

function listTopic({ io }: Task): (message: ReceivedMessage) => void {
  return ({ topic }) => io.out.line(io.out.isTerminal ? escapeLine(topic) : topic);
}

interface Wanted {
  readonly filters: readonly string[];
  readonly take: (message: ReceivedMessage) => void;
}

/** Nothing says that all have come: silence does. */
async function collect({ settings }: Task, { client }: OpenClient, { filters, take }: Wanted): Promise<void> {
  const silenceMs = settings.get(settle) ?? 500;
  const subscription = client.subscribe(filters, { qos: 1, ack: 'on-receipt', buffer: { max: 1_000_000 } });
  await subscription.ready;
  try {
    // Messages that are only passing by on a busy broker do not break the silence.
    for (let quietAt = performance.now() + silenceMs, left = silenceMs; left > 0; left = quietAt - performance.now()) {
      const message = await subscription.next({ timeoutMs: left });
      if (!message.retain) continue;
      take(received(message));
      quietAt = performance.now() + silenceMs;
    }
  } catch (error) {
    if ((error as { readonly code?: string }).code !== 'timed-out') throw error;
  }
}

async function clear({ client }: OpenClient, found: readonly string[]): Promise<void> {
  const flights = new Flights(100);
  for (const topic of found) {
    await flights.room();
    flights.add(client.publish(topic, '', { qos: 1, retain: true, timeoutMs: 30_000 }));
  }
  await flights.landed();
}
