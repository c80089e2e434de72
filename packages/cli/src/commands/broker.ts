/** `omqtt broker`: the embedded broker, until Ctrl-C. Its addresses are the data, so they go to standard output. */
import { readFileSync } from 'node:fs';
import { timingSafeEqual, createHash } from 'node:crypto';
import { type BrokerOptions, type ListenerOptions, startBroker } from '@omqtt/broker';
import { LocalFileError, UsageError } from '../cli-error.ts';
import type { Task } from '../command.ts';
import { passwordOf } from '../connect/secrets.ts';
import { exitCodes } from '../exit-codes.ts';
import * as option from '../options/broker-options.ts';
import { host } from '../options/address-options.ts';
import { username } from '../options/login-options.ts';
import { json } from '../options/output-options.ts';

export async function run(task: Task): Promise<number> {
  const { settings, io, talk } = task;
  const listeners = listenersOf(task);
  await using broker = await startBroker({ listeners, ...(await accessOf(task)) });
  // They come with the last first.
  const urls = Object.values(broker.urls).toReversed();
  if (settings.get(json) === true) io.out.line(JSON.stringify({ v: 1, urls }));
  else for (const url of urls) io.out.line(url);
  talk.say('for tests and local development; Ctrl-C ends it and forgets everything');
  if (!io.stop.aborted) {
    await new Promise<void>((resolve) => {
      io.stop.addEventListener('abort', () => resolve(), { once: true });
    });
  }
  // It was asked to run until then.
  return exitCodes.done;
}

function listenersOf({ settings }: Task): readonly ListenerOptions[] {
  const [cert, key] = [settings.get(option.serverCertificate), settings.get(option.serverKey)];
  if ((cert === undefined) !== (key === undefined)) throw new UsageError('--cert and --key belong together');
  const tls = cert === undefined || key === undefined ? undefined : { cert: read(cert), key: read(key) };
  const at = { host: settings.get(host) ?? '127.0.0.1', ...(tls && { tls }) };
  const wsPort = settings.get(option.wsPort);
  return [
    { type: tls ? 'tls' : 'tcp', port: settings.get(option.listenPort) ?? (tls ? 8883 : 1883), ...at },
    ...(wsPort === undefined ? [] : [{ type: tls ? ('wss' as const) : ('ws' as const), port: wsPort, ...at }]),
  ];
}

async function accessOf(task: Task): Promise<Pick<BrokerOptions, 'authenticate' | 'authorize'>> {
  const name = task.settings.get(username);
  const password = await passwordOf(task);
  if ((name === undefined) !== (password === undefined)) throw new UsageError('-u and a password belong together');
  const isReadOnly = task.settings.get(option.isReadOnly) === true;
  return {
    ...(name !== undefined &&
      password !== undefined && {
        authenticate: (request) =>
          request.username === name && isEqual(request.password ?? new Uint8Array(0), Buffer.from(password)),
      }),
    ...(isReadOnly && { authorize: ({ action }) => action === 'subscribe' }),
  };
}

/** Takes the same time for every guess. */
function isEqual(given: Uint8Array, wanted: Uint8Array): boolean {
  return timingSafeEqual(digest(given), digest(wanted));
}

function digest(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new LocalFileError('read', path, error);
  }
}
