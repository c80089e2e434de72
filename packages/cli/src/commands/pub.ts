/** `omqtt pub`: publishes, and ends with 0 only when the broker has taken everything. */
import { exitCodes } from '../exit-codes.ts';
import { UsageError } from '../cli-error.ts';
import type { Task } from '../command.ts';
import { brokerAddress } from '../connect/broker-address.ts';
import { openClient, type OpenClient } from '../connect/open-client.ts';
import { payloadSource, type PayloadSource } from '../input/payload-source.ts';
import { count, ndjson, topics } from '../options/message-options.ts';
import { json, verbose } from '../options/output-options.ts';
import { ackTimeout } from '../options/publish-options.ts';
import { Flights } from '../publish/flights.ts';
import { outgoingMessages, type Outgoing } from '../publish/outgoing-message.ts';
import { Pace } from '../publish/pace.ts';

const MOST_IN_FLIGHT = 1000;

export async function run(task: Task): Promise<number> {
  const { settings, io } = task;
  const { names, payload } = wordsOf(task);
  const source = await payloadSource(task, payload);
  const times = settings.get(count) ?? 1;
  if (source.isStream && settings.has(count)) throw new UsageError('--count is for one message, not for a stream');
  const pace = new Pace(settings, io.stop);
  const isLongRunning = source.isStream || (times > 1 && pace.isSlow);
  await using open = await openClient(task, { isLongRunning });
  const job = { task, open, names, pace, flights: new Flights(MOST_IN_FLIGHT) };
  await Promise.race([publishAll(job, source, times), job.flights.failed, open.ended]);
  return exitCodes.done;
}

/** `TOPIC MESSAGE`, or only `MESSAGE` when -t says the topic. */
function wordsOf({ settings, words }: Task): { names: readonly (string | undefined)[]; payload: string | undefined } {
  const named = settings.get(topics) ?? [];
  const fromUrl = brokerAddress(settings).topic;
  const known = [...named, ...(fromUrl === undefined ? [] : [fromUrl])];
  if (known.length > 0) {
    if (words.length > 1) throw new UsageError('the topic is named twice: with -t or in the URL, and as a word');
    return { names: known, payload: words[0] };
  }
  const [topic, payload] = words;
  if (topic !== undefined) return { names: [topic], payload };
  if (settings.get(ndjson) === true) return { names: [undefined], payload: undefined };
  throw new UsageError('no topic: omqtt pub TOPIC MESSAGE, or omqtt pub -t TOPIC -m MESSAGE');
}

interface Job {
  readonly task: Task;
  readonly open: OpenClient;
  readonly names: readonly (string | undefined)[];
  readonly pace: Pace;
  readonly flights: Flights;
}

async function publishAll(
  { task, open, names, pace, flights }: Job,
  source: PayloadSource,
  times: number,
): Promise<void> {
  const make = outgoingMessages(task.settings);
  let index = 0;
  for await (const message of source.messages) {
    for (let turn = 0; turn < times; turn += 1) {
      for (const topic of names) {
        await pace.turn();
        await flights.room();
        flights.add(publishOne(task, open, make(message, topic, index)));
      }
      index += 1;
    }
  }
  await flights.landed();
}

async function publishOne(
  { settings, talk, io }: Task,
  { client }: OpenClient,
  { topic, payload, options }: Outgoing,
): Promise<void> {
  const timeoutMs = settings.get(ackTimeout) ?? 30_000;
  const receipt = await client.publish(topic, payload, { ...options, timeoutMs });
  if (settings.get(json) === true) {
    const { qos, reasonCode, hadSubscribers, reasonString } = receipt;
    io.out.line(JSON.stringify({ v: 1, topic, qos, size: payload.length, reasonCode, hadSubscribers, reasonString }));
    return;
  }
  if (settings.get(verbose) !== true) return;
  const note = receipt.hadSubscribers ? '' : ', nobody is subscribed';
  talk.say(`published ${payload.length} bytes to ${topic} at QoS ${receipt.qos}${note}`);
}
