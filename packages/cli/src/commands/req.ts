/** `omqtt req`: publishes a request and shows the answers to it. In 3.1.1 both sides agree on a topic beforehand. */
import { randomBytes } from 'node:crypto';
import { UsageError, WaitedTooLongError } from '../cli-error.ts';
import type { Task } from '../command.ts';
import { openClient, type OpenClient } from '../connect/open-client.ts';
import { exitCodes } from '../exit-codes.ts';
import { payloadSource, type SourceMessage } from '../input/payload-source.ts';
import { responseTopic, topics } from '../options/message-options.ts';
import * as option from '../options/request-options.ts';
import { messagePrinter, type MessagePrinter } from '../output/message-printer.ts';
import { received } from '../output/received-message.ts';
import { outgoingMessages, type Outgoing } from '../publish/outgoing-message.ts';

export async function run(task: Task): Promise<number> {
  const { settings, words, io } = task;
  const named = settings.get(topics)?.[0];
  const [topic, payload] = named === undefined ? words : [named, ...words];
  if (topic === undefined) throw new UsageError('no topic: omqtt req TOPIC MESSAGE');
  const source = await payloadSource(task, payload);
  const print = await messagePrinter(io, settings);
  await using open = await openClient(task, { isLongRunning: false });
  for await (const message of source.messages) {
    await Promise.race([ask(task, open, { message, topic, print }), open.ended]);
  }
  return exitCodes.done;
}

interface Question {
  readonly message: SourceMessage;
  readonly topic: string;
  readonly print: MessagePrinter;
}

async function ask(task: Task, { client }: OpenClient, { message, topic, print }: Question): Promise<void> {
  const { settings, talk } = task;
  const isV5 = client.connection?.version === '5.0';
  const request = outgoingMessages(settings)(message, topic, 0);
  const where = answerTopic(task, isV5, client.connection?.properties.responseInformation);
  const correlation = request.options.properties?.correlationData ?? randomBytes(16);
  const qos = settings.get(option.requestQos) ?? 1;
  const timeoutMs = settings.get(option.answerTimeout) ?? 30_000;
  const deadline = performance.now() + timeoutMs;
  const subscription = client.subscribe(where, { qos, ack: 'on-receipt', timeoutMs });
  await subscription.ready;
  const sentAt = performance.now();
  const way = { qos, where, correlation, isV5 };
  const receipt = await client.publish(topic, request.payload, { ...optionsOf(request, way), timeoutMs });
  if (!receipt.hadSubscribers) throw new WaitedTooLongError(`nobody is subscribed to ${topic}, so nobody will answer`);
  const wanted = settings.get(option.replies) ?? 1;
  for (let count = 0; count < wanted;) {
    const answer = await subscription.next({ timeoutMs: Math.max(1, deadline - performance.now()) });
    // Late answers to others may come to a topic that is used again.
    if (isV5 && !isSame(answer.properties.correlationData, correlation)) continue;
    count += 1;
    print(received(answer));
    if (settings.get(option.latency) === true) talk.say(`answered after ${(performance.now() - sentAt).toFixed(2)} ms`);
  }
}

function answerTopic({ settings }: Task, isV5: boolean, information: string | undefined): string {
  const given = settings.get(responseTopic);
  if (given !== undefined) return given;
  if (!isV5) {
    throw new UsageError('in 3.1.1 a request cannot say where answers go: agree on a topic, and name it with -e');
  }
  const room = information === undefined || information === '' ? 'omqtt/reply' : information.replace(/\/$/, '');
  return `${room}/${randomBytes(16).toString('hex')}`;
}

interface Way {
  readonly qos: 0 | 1 | 2;
  readonly where: string;
  readonly correlation: Uint8Array;
  readonly isV5: boolean;
}

function optionsOf({ options }: Outgoing, { qos, where, correlation, isV5 }: Way): Outgoing['options'] {
  if (!isV5) return { ...options, qos };
  return { ...options, qos, properties: { ...options.properties, responseTopic: where, correlationData: correlation } };
}

function isSame(left: Uint8Array | undefined, right: Uint8Array): boolean {
  return left !== undefined && Buffer.compare(left, right) === 0;
}
