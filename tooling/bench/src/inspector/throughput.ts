/** Messages of QoS 0 with 1 kB to the embedded broker and on to a subscriber, directly and through the inspector. */
import { connect, type Subscription } from 'omqtt';
import { startBrokerProcess } from '../broker/contestants.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { startUnderLoad, type InspectorUnderLoad } from './inspector-under-load.ts';

const MESSAGES = 20_000;
/** Fewer say nothing of how much they differ. */
const FEWEST_ROUNDS = 5;
const LOOK_EVERY_MS = 50;
/** Who worked less than this between two looks is at rest. */
const REST_MICROSECONDS = 2500;
const PATIENCE_MS = 20_000;
const payload = new Uint8Array(1024).fill(0x61);

/** Messages per second that arrive, one for each round. */
export interface Throughput {
  readonly direct: readonly number[];
  readonly proxied: readonly number[];
}

/**
 * They take turns, so that what else the machine does falls on both, and each begins when the inspector is at rest: it
 * decodes behind the forwarding, and would do that beside the next round. The first round is for the compilers.
 */
export async function measureThroughput(rounds: number): Promise<Throughput> {
  const broker = await startBrokerProcess('omqtt');
  const inspector = await startUnderLoad(broker.port, false);
  const direct: number[] = [];
  const proxied: number[] = [];
  try {
    for (let round = 0; round <= Math.max(rounds, FEWEST_ROUNDS); round += 1) {
      await rest(inspector);
      direct.push(await messagesPerSecond(broker.port, broker.port));
      await rest(inspector);
      proxied.push(await messagesPerSecond(inspector.port, broker.port));
    }
  } finally {
    await inspector.stop();
    await broker.stop();
  }
  return { direct: direct.slice(1), proxied: proxied.slice(1) };
}

async function rest(inspector: InspectorUnderLoad): Promise<void> {
  const started = performance.now();
  let before = (await inspector.usage()).cpuMicroseconds;
  while (performance.now() - started < PATIENCE_MS) {
    await sleep(LOOK_EVERY_MS);
    const { cpuMicroseconds } = await inspector.usage();
    if (cpuMicroseconds - before < REST_MICROSECONDS) return;
    before = cpuMicroseconds;
  }
  throw new Error('The inspector is not at rest 20 s after the last message.');
}

/** The publisher is what goes through the inspector, or not; the subscriber is the same in both. */
async function messagesPerSecond(publishPort: number, subscribePort: number): Promise<number> {
  await using subscriber = await connect(`mqtt://127.0.0.1:${subscribePort}`);
  await using publisher = await connect(`mqtt://127.0.0.1:${publishPort}`);
  const subscription = subscriber.subscribe('bench', { qos: 0, buffer: { max: MESSAGES } });
  await subscription.ready;
  const receiving = receiveAll(subscription);
  const started = performance.now();
  for (let sent = 0; sent < MESSAGES; sent += 1) {
    void publisher.publish('bench', payload, { qos: 0 });
    if (!publisher.writable) await publisher.drained();
  }
  await receiving;
  return (MESSAGES / (performance.now() - started)) * 1000;
}

async function receiveAll(subscription: Pick<Subscription, 'next'>): Promise<void> {
  for (let received = 0; received < MESSAGES; received += 1) await subscription.next();
}
