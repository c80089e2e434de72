/** `omqtt replay`: publishes what was recorded, with the pauses that were between the messages. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Task } from '../command.ts';
import { UsageError } from '../cli-error.ts';
import { openClient, type OpenClient } from '../connect/open-client.ts';
import { exitCodes } from '../exit-codes.ts';
import { expressionOf, type Test } from '../expression/compile-expression.ts';
import { qos } from '../options/message-options.ts';
import * as option from '../options/recording-options.ts';
import { ackTimeout } from '../options/publish-options.ts';
import { only } from '../options/subscribe-options.ts';
import type { RecordedMessage } from '../output/message-record.ts';
import { escapeLine } from '../output/terminal-text.ts';
import { Flights } from '../publish/flights.ts';
import { readRecording } from '../recording/recording-file.ts';

const MOST_IN_FLIGHT = 1000;

export async function run(task: Task): Promise<number> {
  const { settings, talk, words } = task;
  const rename = renaming(task);
  const times = settings.get(option.loop) ?? 1;
  if (words[0] === '-' && times > 1) throw new UsageError('--loop needs a file: standard input comes only once');
  const isWanted = await expressionOf(task, only);
  if (settings.get(option.dryRun) === true) return show(task, rename, isWanted);
  await using open = await openClient(task, { isLongRunning: false });
  const play = new Playing(task, open, { rename, isWanted });
  await Promise.race([play.all(), play.failed, open.ended]);
  talk.say(`${play.count} messages published`);
  return exitCodes.done;
}

type Rename = (topic: string) => string;

class Playing {
  readonly #task: Task;
  readonly #open: OpenClient;
  readonly #rename: Rename;
  readonly #isWanted: Test | undefined;
  readonly #flights = new Flights(MOST_IN_FLIGHT);
  #count = 0;

  constructor(task: Task, open: OpenClient, { rename, isWanted }: { rename: Rename; isWanted: Test | undefined }) {
    this.#task = task;
    this.#open = open;
    this.#rename = rename;
    this.#isWanted = isWanted;
  }

  get count(): number {
    return this.#count;
  }

  /** Rejects with the first message that was not taken, also in a pause. */
  get failed(): Promise<never> {
    return this.#flights.failed;
  }

  async all(): Promise<void> {
    const { settings, words, io } = this.#task;
    const speed = settings.get(option.speed) ?? 1;
    for (let turn = 0; turn < (settings.get(option.loop) ?? 1); turn += 1) {
      let origin: { readonly at: number; readonly startedAt: number } | undefined;
      for await (const message of readRecording(io, words[0] ?? '-')) {
        if (message.topic === undefined || !passes(this.#isWanted, message)) continue;
        const at = message.at ?? origin?.at ?? 0;
        origin ??= { at, startedAt: performance.now() };
        const waitMs = origin.startedAt + (at - origin.at) / speed - performance.now();
        if (waitMs >= 1) await sleep(waitMs, undefined, { signal: io.stop });
        await this.#flights.room();
        this.#flights.add(this.#publish(message.topic, message));
      }
    }
    await this.#flights.landed();
  }

  async #publish(topic: string, message: RecordedMessage): Promise<void> {
    const { topicAlias: _alias, subscriptionIdentifiers: _identifiers, ...properties } = message.properties ?? {};
    const isV5 = this.#open.client.connection?.version === '5.0';
    await this.#open.client.publish(this.#rename(topic), message.payload, {
      qos: this.#task.settings.get(qos) ?? message.qos ?? 0,
      retain: message.retain ?? false,
      timeoutMs: this.#task.settings.get(ackTimeout) ?? 30_000,
      ...(isV5 && Object.keys(properties).length > 0 && { properties }),
    });
    this.#count += 1;
  }
}

function passes(isWanted: Test | undefined, message: RecordedMessage): boolean {
  const { topic = '', payload, qos: level = 0, retain = false, properties = {}, at = 0 } = message;
  return isWanted?.({ at, topic, payload, qos: level, retain, dup: false, properties }) !== false;
}

async function show({ io, words }: Task, rename: Rename, isWanted: Test | undefined): Promise<number> {
  for await (const message of readRecording(io, words[0] ?? '-')) {
    if (message.topic === undefined || !passes(isWanted, message)) continue;
    io.out.line(escapeLine(`${rename(message.topic)} q${message.qos ?? 0} ${message.payload.length} bytes`));
  }
  return exitCodes.done;
}

function renaming({ settings }: Task): Rename {
  const prefix = settings.get(option.topicPrefix);
  const pairs = (settings.get(option.map) ?? []).map((text) => {
    const equals = text.indexOf('=');
    if (equals < 1) throw new UsageError('--map reads FROM=TO');
    return [text.slice(0, equals), text.slice(equals + 1)] as const;
  });
  return (topic) => {
    const [from, to] = pairs.find(([start]) => topic.startsWith(start)) ?? ['', ''];
    return `${prefix === undefined ? '' : `${prefix}/`}${to}${topic.slice(from.length)}`;
  };
}
