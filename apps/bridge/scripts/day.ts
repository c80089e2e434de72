/**
 * A day's traffic in minutes: messages of QoS 1 as single requests, batches and streams of lines, while the broker goes away
 * now and then. In the end every message is accounted for: what was accepted has arrived, and what was not sent has not.
 * `node --conditions=@omqtt/source scripts/day.ts [messages] [outages]`
 */
import { pathToFileURL } from 'node:url';
import { startBroker } from '@omqtt/broker';
import { connect } from 'omqtt';
import { startBridge } from '../src/index.ts';
import { type Outcome, TrafficSource } from './traffic.ts';

export interface DayPlan {
  readonly messages: number;
  /** How often the broker goes away. */
  readonly outages: number;
  readonly tell?: (text: string) => void;
}

export interface DayResult {
  readonly accepted: number;
  readonly notSent: number;
  readonly unknown: number;
  /** Of the messages that have arrived, those that came more than once. */
  readonly repeated: number;
  /** Accepted, and never arrived. This and the next have to be 0. */
  readonly missing: number;
  /** Not sent, says the bridge, and arrived. */
  readonly unexpected: number;
  readonly seconds: number;
}

const OUTAGE_MS = 300;
/** Sent, and not arrived yet: more than that would fill the queue of the reader at the broker. */
const MAXIMUM_AHEAD = 20_000;
const SETTLE_MS = 60_000;

export async function liveThroughADay({ messages, outages, tell = ignore }: DayPlan): Promise<DayResult> {
  const broker = await startBroker();
  const bridge = await startBridge({
    http: { port: 0 },
    ops: { port: 0 },
    brokers: { default: { url: broker.url, reconnectMaxMs: 100 } },
  });
  const reader = await connect(broker.url, { session: { expirySeconds: 3600 }, reconnect: { maxMs: 100 } });
  try {
    const arrivals = new Uint8Array(messages);
    let arrived = 0;
    await reader.subscribe('day/#', { qos: 1, ack: 'on-receipt' }, (message) => {
      const number = Number(message.text());
      if (arrivals[number] === 0) arrived += 1;
      arrivals[number] = Math.min(255, (arrivals[number] ?? 0) + 1);
    }).ready;
    const source = new TrafficSource(bridge.url, messages);
    const startedAt = performance.now();
    const running = source.run(() => source.accepted - arrived < MAXIMUM_AHEAD);
    for (let outage = 1; outage <= outages; outage += 1) {
      await source.reached(Math.floor((messages * outage) / (outages + 1)));
      await broker.goAway({ keepSessions: true });
      await pause(OUTAGE_MS);
      await broker.comeBack();
      tell(`outage ${outage}: ${source.done} of ${messages} done, ${arrived} arrived`);
    }
    const outcomes = await running;
    const deadline = performance.now() + SETTLE_MS;
    while (missingOf(outcomes, arrivals) > 0 && performance.now() < deadline) await pause(50);
    const seconds = (performance.now() - startedAt) / 1000;
    return { ...accountFor(outcomes, arrivals), seconds };
  } finally {
    await reader.close();
    await bridge.close();
    await broker.close();
  }
}

function missingOf(outcomes: readonly Outcome[], arrivals: Uint8Array): number {
  return outcomes.reduce(
    (sum, outcome, number) => (outcome === 'accepted' && arrivals[number] === 0 ? sum + 1 : sum),
    0,
  );
}

function accountFor(outcomes: readonly Outcome[], arrivals: Uint8Array): Omit<DayResult, 'seconds'> {
  const count = (isMeant: (outcome: Outcome, times: number) => boolean): number => {
    return outcomes.reduce((sum, outcome, number) => (isMeant(outcome, arrivals[number] ?? 0) ? sum + 1 : sum), 0);
  };
  return {
    accepted: count((outcome) => outcome === 'accepted'),
    notSent: count((outcome) => outcome === 'not-sent'),
    unknown: count((outcome) => outcome === 'unknown'),
    repeated: count((_outcome, times) => times > 1),
    missing: missingOf(outcomes, arrivals),
    unexpected: count((outcome, times) => outcome === 'not-sent' && times > 0),
  };
}

function pause(lengthMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, lengthMs));
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function ignore(): void {
  // Nobody listens.
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [messages = 1_000_000, outages = 5] = process.argv.slice(2).map(Number);
  const result = await liveThroughADay({ messages, outages, tell: print });
  const { user, system } = process.cpuUsage();
  print(JSON.stringify({ ...result, cpuSeconds: (user + system) / 1e6, rssMiB: process.memoryUsage().rss / 2 ** 20 }));
  process.exitCode = result.missing + result.unexpected === 0 ? 0 : 1;
}
