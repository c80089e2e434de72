/** `omqtt reply`: answers requests: with the same, with a fixed payload, or with what a command prints. */
import type { Message } from 'omqtt';
import { UsageError } from '../cli-error.ts';
import type { Task } from '../command.ts';
import { openClient, type OpenClient } from '../connect/open-client.ts';
import { exitCodes } from '../exit-codes.ts';
import { payloadSource } from '../input/payload-source.ts';
import { qos, topics } from '../options/message-options.ts';
import * as option from '../options/request-options.ts';
import { execute } from '../options/subscribe-options.ts';
import { received } from '../output/received-message.ts';
import { Ending } from '../subscribe/ending.ts';
import { runForMessage } from '../subscribe/run-for-message.ts';

/** How long the broker may take to take an answer. */
const ANSWER_MS = 30_000;

/** The answer; nothing when there is none to be given. */
type Responder = (request: Message) => Promise<Uint8Array | undefined>;

export async function run(task: Task): Promise<number> {
  const { settings, words } = task;
  const filters = [...words, ...(settings.get(topics) ?? [])];
  if (filters.length === 0) throw new UsageError('no filter: omqtt reply FILTER --echo');
  const responder = await responderOf(task);
  await using open = await openClient(task, { isLongRunning: true });
  const ending = new Ending(settings);
  const subscription = open.client.subscribe(
    filters,
    { qos: settings.get(qos) ?? 1, concurrency: settings.get(option.concurrency) ?? 1 },
    (request) => answer(task, open, { request, responder, ending }),
  );
  await Promise.race([subscription.ready, open.ended]);
  task.talk.say(`answers requests to ${filters.join(', ')}`);
  await Promise.race([ending.reached, open.ended]);
  return exitCodes.done;
}

async function responderOf(task: Task): Promise<Responder> {
  const { settings, io, talk } = task;
  const command = settings.get(execute);
  if (settings.get(option.echo) === true) return (request) => Promise.resolve(request.payload);
  if (command === undefined) return fixedAnswer(task);
  return async (request) => {
    const { status, output } = await runForMessage(command, received(request), { capture: true, env: io.env });
    if (status === 0) return output;
    talk.warn(`the command of --exec ended with ${status ?? 'a signal'}: no answer to ${request.topic}`);
    return undefined;
  };
}

async function fixedAnswer(task: Task): Promise<Responder> {
  const { messages } = await payloadSource(task, undefined);
  for await (const { payload } of messages) return () => Promise.resolve(payload);
  throw new UsageError('say what to answer: --echo, -m TEXT, -f FILE or --exec COMMAND');
}

interface Turn {
  readonly request: Message;
  readonly responder: Responder;
  readonly ending: Ending;
}

async function answer({ talk }: Task, { client }: OpenClient, { request, responder, ending }: Turn): Promise<void> {
  const { responseTopic, correlationData } = request.properties;
  const payload = await responder(request);
  if (responseTopic === undefined) {
    talk.warn(`a message to ${request.topic} names no response topic, so it gets no answer`);
    return;
  }
  if (payload === undefined) return;
  const properties = correlationData && { correlationData };
  await client.publish(responseTopic, payload, {
    qos: request.qos,
    timeoutMs: ANSWER_MS,
    ...(properties && { properties }),
  });
  ending.message();
}
