import { describe, expect, test } from 'vitest';
import { Burst } from '../src/bench/burst.ts';
import { SequenceCheck } from '../src/bench/sequence-check.ts';
import { parseAssertions } from '../src/bench/assertions.ts';
import type { BenchReport } from '../src/bench/bench-report.ts';
import { Histogram } from '../src/measure/histogram.ts';
import { harness } from './harness.ts';
import type { Finished } from './run-omqtt.ts';

const { omqtt, broker } = await harness();
const at = ['-L', broker.url, '--report', 'json'];

async function bench(...args: string[]): Promise<BenchReport> {
  const { status, stdout, stderr } = await omqtt.run(['bench', ...args, ...at]);
  expect([status, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as BenchReport;
}

function runAsserting(text: string): Promise<Finished> {
  return omqtt.run(['bench', 'rtt', '-L', broker.url, '--count', '20', '--assert', text]);
}

test.each([0, 1, 2])('pub, rtt and fanout lose nothing at QoS %i, and count what they sent', async (qos) => {
  const few = ['--count', '200', '-q', String(qos)];
  const [pub, rtt, fanout] = await Promise.all([
    bench('pub', '-n', '2', ...few),
    bench('rtt', ...few),
    // So few at once that places, and the bytes of payloads, are used again and again.
    bench('fanout', '-n', '3', '--window', '7', ...few),
  ]);
  expect(pub).toMatchObject({ sent: 400, received: 400, loss: 0, errors: 0 });
  expect(rtt).toMatchObject({ sent: 200, received: 200, loss: 0, duplicates: 0, latency: { count: 200 } });
  expect(fanout).toMatchObject({ sent: 600, received: 600, loss: 0, duplicates: 0, latency: { count: 600 } });
});

test('sub counts what another process publishes', async () => {
  const counting = bench('sub', '-t', 'load', '--duration', '1500ms', '--warmup', '0');
  // Until the subscriber is there, what is published is for nobody.
  while (!broker.subscriptions.some(({ filter }) => filter === 'load/#')) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  await bench('pub', '-t', 'load', '--count', '300', '-q', '1');
  expect(await counting).toMatchObject({ received: 300, loss: 0, duplicates: 0 });
});

test('conn counts connections, and those that are refused', async () => {
  broker.refuse({ reasonCode: 0x97, times: 2 });
  expect(await bench('conn', '-n', '10', '--duration', '1ms')).toMatchObject({
    sent: 10,
    received: 8,
    errors: 2,
    loss: 2,
  });
});

test('conn ends with what is wrong when nobody can connect', async () => {
  const { status, stdout, stderr } = await omqtt.run(['bench', 'conn', '-L', 'mqtt://127.0.0.1:1', '-n', '3']);
  expect([status, stdout]).toEqual([3, '']);
  expect(stderr).toContain('127.0.0.1:1 refused the connection');
});

test('loss is seen: what a broker swallows at QoS 0 is missing', async () => {
  broker.faults.drop('publish', { times: 7, when: (packet) => packet.type === 'publish' && packet.qos === 0 });
  expect(await bench('fanout', '-n', '1', '--count', '100')).toMatchObject({ sent: 100, received: 93, loss: 7 });
});

test('an assertion that does not hold ends with 10, after the report', async () => {
  expect(await runAsserting('loss=0,p99<20s,rate>1')).toMatchObject({ status: 0 });
  const failed = await runAsserting('loss=0,max<0.000001');
  expect([failed.status, failed.stderr]).toEqual([10, 'omqtt: does not hold: max<0.000001\n']);
  expect(failed.stdout).toContain('sent 20, arrived 20, lost 0');
  expect(await runAsserting('speed>1')).toMatchObject({ status: 2 });
});

test.each(['csv', 'md'])('a report as %s has a head and a row', async (form) => {
  const { stdout } = await omqtt.run(['bench', 'pub', '-L', broker.url, '--count', '5', '--report', form]);
  expect(stdout).toMatch(/bench.*p99\.9/);
  expect(stdout.trim().split('\n')).toHaveLength(form === 'csv' ? 2 : 3);
});

describe('what is measured with', () => {
  test('with a pace each message leaves by itself, at full speed some leave together', () => {
    expect(new Burst({ isPaced: true }).take(1000)).toBe(1);
    expect(new Burst({ isPaced: false }).take(1000)).toBe(64);
    expect(new Burst({ isPaced: false }).take(5)).toBe(5);
  });

  test('a burst is full before others wait for long, and a new one begins with the next turn', async () => {
    const burst = new Burst({ isPaced: false });
    let taken = 0;
    for (let count = burst.take(30); count > 0; count = burst.take(30)) taken += count;
    expect(taken).toBe(1024);
    await new Promise((resolve) => setImmediate(resolve));
    expect(burst.take(30)).toBe(30);
  });

  test('percentiles agree with those of all times, sorted', () => {
    const histogram = new Histogram();
    let seed = 1;
    const times = Array.from({ length: 20_000 }, () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return 10 ** ((seed / 2_147_483_647) * 6 - 3);
    });
    for (const time of times) histogram.add(time);
    const sorted = times.toSorted((left, right) => left - right);
    for (const percent of [1, 50, 90, 99, 99.9]) {
      const exact = sorted[Math.ceil((percent / 100) * sorted.length) - 1] ?? 0;
      // A microsecond, or a hundredth.
      expect(Math.abs(histogram.percentile(percent) - exact)).toBeLessThanOrEqual(Math.max(0.001, exact / 100));
    }
    expect(histogram.summary()).toMatchObject({ count: 20_000, max: Number(sorted.at(-1)?.toFixed(3)) });
  });

  test('as many as took the same time count as if each were added', () => {
    const [one, other] = [new Histogram(), new Histogram()];
    for (const [time, count] of [
      [0.5, 3],
      [7, 1],
      [90, 6],
    ] as const) {
      one.add(time, count);
      for (let index = 0; index < count; index += 1) other.add(time);
    }
    expect(one.summary()).toEqual(other.summary());
  });

  test('gaps and repetitions are found by numbers', () => {
    const check = new SequenceCheck();
    for (const number of [5, 6, 8, 8, 9999]) check.add(number);
    expect([check.unique, check.duplicates, check.gaps]).toEqual([4, 1, 9995 - 4]);
  });

  test('without times no assertion about times holds', () => {
    const [assertion] = parseAssertions('p99<1h');
    expect(assertion?.holds({ latency: undefined } as BenchReport)).toBe(false);
  });
});
