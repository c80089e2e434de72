/** Where shown messages go: standard output, a file each, a command each, or only into a rate. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LocalFileError } from '../cli-error.ts';
import type { Task } from '../command.ts';
import * as option from '../options/subscribe-options.ts';
import { messagePrinter } from '../output/message-printer.ts';
import type { ReceivedMessage } from '../output/received-message.ts';
import { runForMessage } from './run-for-message.ts';

export interface Sink {
  readonly take: (message: ReceivedMessage) => void | Promise<void>;
  readonly end: () => void;
}

const nothing = (): void => undefined;

export async function sinkFor(task: Task): Promise<Sink> {
  const { settings, io } = task;
  const command = settings.get(option.execute);
  if (command !== undefined) return { take: (message) => execute(task, command, message), end: nothing };
  const folder = settings.get(option.outDir);
  if (folder !== undefined) return fileSink(folder);
  if (settings.get(option.stats) === true) return rateSink(task);
  const print = await messagePrinter(io, settings);
  return {
    take: (message) => {
      print(message);
      return io.out.isFull ? io.out.room() : undefined;
    },
    end: nothing,
  };
}

async function execute({ io, talk }: Task, command: string, message: ReceivedMessage): Promise<void> {
  const { status } = await runForMessage(command, message, { capture: false, env: io.env });
  if (status !== 0) talk.warn(`the command of --exec ended with ${status ?? 'a signal'} for ${message.topic}`);
}

/** Names cannot leave the folder: only letters, digits and a few signs of the topic are kept. */
function fileSink(folder: string): Sink {
  let number = 0;
  const write = (name: string, payload: Uint8Array): void => {
    try {
      writeFileSync(join(folder, name), payload, { flag: 'wx' });
    } catch (error) {
      throw new LocalFileError('write', join(folder, name), error);
    }
  };
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new LocalFileError('make the folder', folder, error);
  }
  return {
    take: ({ topic, payload, at }) => {
      number += 1;
      const place = `${Math.floor(at)}-${String(number).padStart(6, '0')}`;
      write(`${place}-${topic.replaceAll(/[^A-Za-z0-9-]+/g, '_').slice(0, 80)}.payload`, payload);
    },
    end: nothing,
  };
}

function rateSink({ io }: Task): Sink {
  let [messages, bytes, total] = [0, 0, 0];
  let since = performance.now();
  const show = (): void => {
    const seconds = (performance.now() - since) / 1000;
    const [perSecond, bytesPerSecond] = [messages / seconds, bytes / seconds].map((value) => value.toFixed(0));
    io.out.line(`${total} messages, ${perSecond} messages/s, ${bytesPerSecond} bytes/s`);
    [messages, bytes, since] = [0, 0, performance.now()];
  };
  const timer = setInterval(show, 1000);
  return {
    take: ({ payload }) => {
      messages += 1;
      total += 1;
      bytes += payload.length;
    },
    end: () => {
      clearInterval(timer);
      show();
    },
  };
}
