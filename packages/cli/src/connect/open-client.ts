/** A connected client for a command: what happens to it is told, and Ctrl-C gives up the wait. */
import { type Client, createClient, type ClientOptions, type Status } from 'omqtt';
import type { Task } from '../command.ts';
import { debug, json } from '../options/output-options.ts';
import { insecure } from '../options/tls-options.ts';
import { messageOf, unansweredConnect } from '../explain-failure.ts';
import { brokerUrls } from './broker-address.ts';
import { clientOptions, type ClientNeeds } from './client-options.ts';
import { firstServer } from './first-server.ts';
import { watchPackets } from './packet-trace.ts';

export interface OpenClient extends AsyncDisposable {
  readonly client: Client;
  /** Rejects when the connection is gone for good, or somebody wants to stop. Never resolves. */
  readonly ended: Promise<never>;
}

export async function openClient(task: Task, needs: ClientNeeds): Promise<OpenClient> {
  const { io, settings } = task;
  if (settings.get(insecure) === true) task.talk.warn('--insecure: anyone on the way can read and change everything');
  const options = await clientOptions(task, needs);
  const level = settings.get(debug) ?? 0;
  const onPacket = level > 0 ? await watchPackets(io, level) : undefined;
  const urls = await brokerUrls(settings);
  const whole = { ...options, ...(onPacket && { onPacket }) };
  // The first connection is tried once, which is once for each server that a domain names. Later ones go on from there.
  return firstServer(task, urls, (_url, index) => {
    return openOne(task, [...urls.slice(index), ...urls.slice(0, index)], whole);
  }).catch((error: unknown) => {
    throw unansweredConnect(error);
  });
}

async function openOne(task: Task, servers: readonly string[], options: ClientOptions): Promise<OpenClient> {
  const client = openAny(servers, options);
  const ended = endOf(client, task);
  try {
    await client.connect({ signal: task.io.stop });
  } catch (error) {
    await client.close();
    throw error;
  }
  return {
    client,
    ended,
    [Symbol.asyncDispose]: async () => {
      await client.disconnect().catch(() => undefined);
      await client.close();
    },
  };
}

// One type for all versions: what a version lacks, the client says itself.
const openAny = createClient as (urls: readonly string[], options: ClientOptions) => Client;

function endOf(client: Client, { io, talk, settings }: Task): Promise<never> {
  const wantsJson = settings.get(json) === true;
  let connections = 0;
  const ended = new Promise<never>((_resolve, reject) => {
    client.on('status', (status: Status) => {
      if (status.type === 'connected') {
        connections += 1;
        if (connections > 1 && !wantsJson) talk.say('connected again');
      }
      if (status.type === 'waiting' && !wantsJson) {
        talk.say(`${messageOf(status.error)}; next attempt in ${(status.delayMs / 1000).toFixed(1)} s`);
      }
      if (status.type === 'disconnected' && status.error !== undefined) reject(status.error);
    });
    io.stop.addEventListener('abort', () => reject(stopReason(io.stop)), { once: true });
  });
  // Looked at by those who wait; a connection that fails at once is told by `connect`.
  ended.catch(() => undefined);
  return ended;
}

function stopReason(stop: AbortSignal): Error {
  return stop.reason instanceof Error ? stop.reason : new Error('stopped');
}
