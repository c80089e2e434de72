/** The measurements with messages: pub, sub, rtt and fanout. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { UsageError } from '../cli-error.ts';
import type { Task } from '../command.ts';
import * as option from '../options/bench-options.ts';
import { qos, topics } from '../options/message-options.ts';
import type { BenchReport } from './bench-report.ts';
import { Burst } from './burst.ts';
import { showLive } from './live-line.ts';
import { openMany } from './many-clients.ts';
import { Meter } from './meter.ts';
import { HEADER_BYTES } from './payload-header.ts';
import { Publisher, type PublisherOptions } from './publisher.ts';
import { Receiver } from './receiver.ts';

export type MessageBench = 'pub' | 'sub' | 'rtt' | 'fanout';

/** How long stragglers may take after the end. */
const SETTLE_MS = 5000;
const SILENCE_MS = 1000;

export async function runMessageBench(task: Task, bench: MessageBench): Promise<BenchReport> {
  const { settings, io } = task;
  const plan = planOf(task, bench);
  const meter = new Meter();
  await using many = await openMany(task, plan.publishers + plan.receivers - (bench === 'rtt' ? plan.receivers : 0));
  const receivers = Array.from({ length: plan.receivers }, () => new Receiver());
  const publishers: Publisher[] = [];
  const timesArrival = bench !== 'pub';
  const burst = new Burst({ isPaced: timesArrival || plan.intervalMs > 0 });
  await Promise.all(
    receivers.map(async (receiver, index) => {
      const client = many.clients[bench === 'rtt' ? index : plan.publishers + index];
      if (client === undefined) return;
      const filter = bench === 'rtt' ? `${plan.topic}/${index}` : plan.filter;
      await receiver.subscribe(client, { filter, qos: plan.qos }, (bytes, tookMs) => {
        meter.add(bytes, tookMs);
        if (bench === 'rtt') publishers[index]?.arrived();
      });
    }),
  );
  for (const [index, client] of many.clients.slice(0, plan.publishers).entries()) {
    const onTaken = timesArrival
      ? nothing
      : (count: number, tookMs: number) => meter.add(plan.bytes, plan.qos === 0 ? undefined : tookMs, count);
    const shape = { index, topic: `${plan.topic}/${index}`, qos: plan.qos, bytes: plan.bytes, window: plan.window };
    const limits = { intervalMs: plan.intervalMs, most: settings.get(option.benchCount) ?? Infinity, burst };
    publishers.push(
      new Publisher(client, { ...shape, ...limits, onTaken, onError: () => meter.fail() } satisfies PublisherOptions),
    );
  }
  const hideLive = showLive(io, meter);
  try {
    await Promise.race([measure(task, { bench, meter, publishers, receivers }), many.ended]);
  } finally {
    hideLive();
  }
  return reportOf({ bench, plan, meter, publishers, receivers });
}

function nothing(): void {}

interface Plan {
  readonly publishers: number;
  readonly receivers: number;
  readonly qos: 0 | 1 | 2;
  readonly bytes: number;
  readonly window: number;
  readonly intervalMs: number;
  readonly topic: string;
  readonly filter: string;
}

function planOf({ settings }: Task, bench: MessageBench): Plan {
  const clients = settings.get(option.clients) ?? (bench === 'fanout' ? 10 : 1);
  const bytes = settings.get(option.benchSize) ?? 64;
  if (bytes < HEADER_BYTES) {
    throw new UsageError(`--size is ${HEADER_BYTES} at least: a payload holds a number and a time`);
  }
  const publishers = { pub: clients, rtt: clients, fanout: 1, sub: 0 }[bench];
  const rate = settings.get(option.benchRate);
  const topic = settings.get(topics)?.[0] ?? `omqtt/bench/${randomBytes(4).toString('hex')}`;
  return {
    publishers,
    receivers: bench === 'pub' ? 0 : clients,
    qos: settings.get(qos) ?? 0,
    bytes,
    window: settings.get(option.inFlight) ?? (bench === 'rtt' ? 1 : 1000),
    intervalMs: rate === undefined || publishers === 0 ? 0 : (1000 * publishers) / rate,
    topic,
    filter: bench === 'sub' && topic.includes('#') ? topic : `${topic}/#`,
  };
}

interface Measured {
  readonly bench: MessageBench;
  readonly meter: Meter;
  readonly publishers: readonly Publisher[];
  readonly receivers: readonly Receiver[];
}

async function measure({ settings, io }: Task, { bench, meter, publishers, receivers }: Measured): Promise<void> {
  let isOver = false;
  const running = Promise.all(publishers.map((one) => one.run(() => isOver, { opensAtArrival: bench === 'rtt' })));
  const allSent = publishers.length === 0 ? new Promise<never>(() => undefined) : running;
  const stop = { signal: io.stop };
  const warmupMs = settings.has(option.benchCount) ? 0 : (settings.get(option.warmup) ?? 1000);
  await Promise.race([sleep(warmupMs, undefined, stop), allSent]);
  if (warmupMs > 0) meter.begin();
  await Promise.race([sleep(settings.get(option.benchDuration) ?? 10_000, undefined, stop), allSent]);
  isOver = true;
  // With a number of messages all of them are measured, those on their way too.
  if (!settings.has(option.benchCount)) meter.end();
  await running;
  await Promise.all(publishers.map((one) => one.settle(SETTLE_MS)));
  await arrivals(publishers, receivers, bench);
  meter.end();
}

async function arrivals(
  publishers: readonly Publisher[],
  receivers: readonly Receiver[],
  bench: MessageBench,
): Promise<void> {
  if (bench === 'sub' || receivers.length === 0) return;
  const expected = expectedOf(publishers, receivers, bench);
  const deadline = performance.now() + SETTLE_MS;
  const isMissing = (): boolean => receivers.reduce((sum, { unique }) => sum + unique, 0) < expected;
  while (isMissing() && performance.now() < deadline && receivers.some(({ silentMs }) => silentMs < SILENCE_MS)) {
    await sleep(10);
  }
}

function expectedOf(publishers: readonly Publisher[], receivers: readonly Receiver[], bench: MessageBench): number {
  const sent = publishers.reduce((sum, one) => sum + one.sent, 0);
  return bench === 'fanout' ? sent * receivers.length : sent;
}

function reportOf({ bench, plan, meter, publishers, receivers }: Measured & { readonly plan: Plan }): BenchReport {
  const expected = expectedOf(publishers, receivers, bench);
  const sum = (read: (receiver: Receiver) => number): number => receivers.reduce((total, one) => total + read(one), 0);
  const received =
    bench === 'pub' ? publishers.reduce((total, { taken }) => total + taken, 0) : sum(({ unique }) => unique);
  return {
    bench,
    clients: Math.max(plan.publishers, plan.receivers),
    qos: plan.qos,
    size: plan.bytes,
    seconds: Number(meter.seconds.toFixed(3)),
    sent: bench === 'sub' ? received + sum(({ gaps }) => gaps) : expected,
    received,
    loss: bench === 'sub' ? sum(({ gaps }) => gaps) : expected - received,
    duplicates: sum(({ duplicates }) => duplicates),
    errors: meter.errors,
    rate: Math.round(meter.perSecond),
    bytesPerSecond: Math.round(meter.bytesPerSecond),
    cpuNanoseconds: Math.round(meter.cpuNanoseconds),
    latency: meter.latency,
  };
}
