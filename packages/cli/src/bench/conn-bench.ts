/** `bench conn`: how fast a broker takes connections, and whether it holds them. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Task } from '../command.ts';
import type { OpenClient } from '../connect/open-client.ts';
import * as option from '../options/bench-options.ts';
import type { BenchReport } from './bench-report.ts';
import { showLive } from './live-line.ts';
import { clientIdAt, openOne } from './many-clients.ts';
import { Meter } from './meter.ts';

const AT_ONCE = 50;

export async function runConnBench(task: Task): Promise<BenchReport> {
  const { settings, io } = task;
  const wanted = settings.get(option.clients) ?? 100;
  const rate = settings.get(option.benchRate);
  const meter = new Meter();
  const open: OpenClient[] = [];
  const hideLive = showLive(io, meter);
  let next = 0;
  let failure: Error | undefined;
  const startedAt = performance.now();
  const worker = async (): Promise<void> => {
    while (next < wanted && !io.stop.aborted) {
      const index = next;
      next += 1;
      const due = rate === undefined ? 0 : startedAt + (index * 1000) / rate - performance.now();
      if (due >= 1) await sleep(due, undefined, { signal: io.stop });
      const from = performance.now();
      try {
        open.push(await openOne(task, clientIdAt(task, index)));
        meter.add(0, performance.now() - from);
      } catch (error) {
        if (error instanceof Error) failure ??= error;
        meter.fail();
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, wanted) }, () => worker()));
    meter.end();
    // Some that fail are a result; if all do, there is nothing to measure, and a reason.
    if (open.length === 0 && failure !== undefined) throw failure;
    // Held for the duration: who is thrown out by then is lost.
    await sleep(settings.get(option.benchDuration) ?? 0, undefined, { signal: io.stop });
    const held = open.filter(({ client }) => client.isConnected).length;
    return {
      bench: 'conn',
      clients: wanted,
      qos: 0,
      size: 0,
      seconds: Number(meter.seconds.toFixed(3)),
      sent: wanted,
      received: held,
      loss: wanted - held,
      duplicates: 0,
      errors: meter.errors,
      rate: Math.round(meter.perSecond),
      bytesPerSecond: 0,
      cpuNanoseconds: Math.round(meter.cpuNanoseconds),
      latency: meter.latency,
    };
  } finally {
    hideLive();
    await Promise.all(open.map((one) => one[Symbol.asyncDispose]()));
  }
}
