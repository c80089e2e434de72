/** `omqtt ping`: round trips to the broker, or through it and back. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, Subscription } from 'omqtt';
import { WaitedTooLongError } from '../cli-error.ts';
import type { Task } from '../command.ts';
import { openClient } from '../connect/open-client.ts';
import { exitCodes } from '../exit-codes.ts';
import { describeLatency, Histogram } from '../measure/histogram.ts';
import { json } from '../options/output-options.ts';
import type { Qos } from '../options/message-options.ts';
import * as option from '../options/watch-options.ts';

export async function run(task: Task): Promise<number> {
  const { settings, io } = task;
  await using open = await openClient(task, { isLongRunning: false });
  const prepared = roundTrip(open.client, settings.get(option.loopQos), settings.get(option.pingTimeout) ?? 5000);
  const measure = await Promise.race([prepared, open.ended]);
  const times = new Histogram();
  const count = settings.get(option.pingCount) ?? Infinity;
  let sent = 0;
  for (; sent < count && !io.stop.aborted; sent += 1) {
    if (sent > 0) await pause(settings.get(option.interval) ?? 1000, io.stop);
    if (io.stop.aborted) break;
    const took = await Promise.race([measure(sent), open.ended]).catch(lostOrThrow);
    if (took !== undefined) times.add(took);
    show(task, sent + 1, took);
  }
  summarise(task, sent, times);
  if (times.count === 0) throw new WaitedTooLongError(`none of ${sent} came back in time`);
  return exitCodes.done;
}

type RoundTrip = (index: number) => Promise<number>;

async function roundTrip(client: Client, qos: Qos | undefined, timeoutMs: number): Promise<RoundTrip> {
  if (qos === undefined) {
    return async () => {
      const startedAt = performance.now();
      await client.ping({ timeoutMs });
      return performance.now() - startedAt;
    };
  }
  const topic = `omqtt/ping/${randomBytes(8).toString('hex')}`;
  const subscription = client.subscribe(topic, { qos, ack: 'on-receipt', timeoutMs });
  await subscription.ready;
  return async (index) => {
    const startedAt = performance.now();
    const published = client.publish(topic, String(index), { qos, timeoutMs });
    await Promise.all([published, arrivalOf(subscription, String(index), timeoutMs)]);
    return performance.now() - startedAt;
  };
}

async function arrivalOf(subscription: Subscription, text: string, timeoutMs: number): Promise<void> {
  // What was given up may still come.
  let message = await subscription.next({ timeoutMs });
  while (message.text() !== text) message = await subscription.next({ timeoutMs });
}

function lostOrThrow(error: unknown): undefined {
  if ((error as { readonly code?: string }).code === 'timed-out') return undefined;
  throw error;
}

async function pause(milliseconds: number, stop: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal: stop }).catch(() => undefined);
}

function show({ settings, io }: Task, number: number, took: number | undefined): void {
  if (settings.get(json) === true) {
    io.out.line(JSON.stringify({ v: 1, seq: number, ms: took === undefined ? null : Number(took.toFixed(3)) }));
    return;
  }
  io.out.line(took === undefined ? `seq ${number}: lost` : `seq ${number}: ${took.toFixed(2)} ms`);
}

function summarise({ settings, talk }: Task, sent: number, times: Histogram): void {
  if (settings.get(json) === true) return;
  const lost = sent - times.count;
  const share = sent === 0 ? 0 : (100 * lost) / sent;
  talk.say(`${sent} sent, ${times.count} came back, ${share.toFixed(1)} % lost; ${describeLatency(times.summary())}`);
}
