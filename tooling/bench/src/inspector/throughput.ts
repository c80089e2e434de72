/**
 * Messages of QoS 0 with 1 kB to the embedded broker and on to a subscriber, directly and through the inspector. What
 * passes through it is what the publisher sends, as somebody looks at one client; the subscriber is the same in both.
 */
import { connect, type Subscription } from 'omqtt';
import { startBrokerProcess, type BrokerProcess } from '../broker/contestants.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { startUnderLoad, type InspectorUnderLoad, type Usage } from './inspector-under-load.ts';

/** Fewer say nothing of how much they differ. */
const FEWEST_ROUNDS = 5;
const WARM_UP_ROUNDS = 4;
const LOOK_EVERY_MS = 50;
/** Who worked less than this between two looks is at rest. */
const REST_MICROSECONDS = 2500;
const PATIENCE_MS = 20_000;
const payload = new Uint8Array(1024).fill(0x61);

/** Processor time, in microseconds for each message. */
export interface InspectorCost {
  /** While they pass. */
  readonly passing: Shares;
  /** Until all of them are decoded. */
  readonly decoded: Shares;
}

export interface Shares {
  readonly all: number;
  /** By threads, where the system tells. */
  readonly forwarding: number;
  readonly decoding: number;
  readonly others: number;
}

export interface Round {
  /** Messages per second that arrive. */
  readonly direct: number;
  readonly proxied: number;
  /** Of the two clients and the broker, directly: microseconds for each message. */
  readonly othersCost: number;
  readonly inspectorCost: InspectorCost;
}

/**
 * They take turns, so that what else the machine does falls on both, and each begins when the inspector is at rest: it
 * decodes behind the forwarding, and would do that beside the next round. The first rounds are for the compilers.
 */
export async function measureThroughput(rounds: number, messages: number): Promise<readonly Round[]> {
  const broker = await startBrokerProcess('omqtt');
  const inspector = await startUnderLoad(broker.port, false);
  const measured: Round[] = [];
  try {
    for (let round = 0; round < Math.max(rounds, FEWEST_ROUNDS) + WARM_UP_ROUNDS; round += 1) {
      await rest(inspector);
      const before = await othersMicroseconds(broker);
      const direct = await messagesPerSecond(messages, { publish: broker.port, subscribe: broker.port });
      const othersCost = ((await othersMicroseconds(broker)) - before) / messages;
      const idle = await rest(inspector);
      const proxied = await messagesPerSecond(messages, { publish: inspector.port, subscribe: broker.port });
      const passed = await inspector.usage();
      const inspectorCost = {
        passing: shares(idle, passed, messages),
        decoded: shares(idle, await rest(inspector), messages),
      };
      measured.push({ direct, proxied, othersCost, inspectorCost });
    }
  } finally {
    await inspector.stop();
    await broker.stop();
  }
  return measured.slice(WARM_UP_ROUNDS);
}

/** This process has both clients. */
async function othersMicroseconds(broker: BrokerProcess): Promise<number> {
  const { user, system } = process.cpuUsage();
  return user + system + (await broker.cpuMicroseconds());
}

function shares(before: Usage, after: Usage, messages: number): Shares {
  const ofThread = (thread: 'forwarding' | 'decoding' | 'others'): number =>
    ((after.threads?.[thread] ?? Number.NaN) - (before.threads?.[thread] ?? Number.NaN)) / messages;
  return {
    all: (after.cpuMicroseconds - before.cpuMicroseconds) / messages,
    forwarding: ofThread('forwarding'),
    decoding: ofThread('decoding'),
    others: ofThread('others'),
  };
}

async function rest(inspector: InspectorUnderLoad): Promise<Usage> {
  const started = performance.now();
  let before = await inspector.usage();
  while (performance.now() - started < PATIENCE_MS) {
    await sleep(LOOK_EVERY_MS);
    const usage = await inspector.usage();
    if (usage.cpuMicroseconds - before.cpuMicroseconds < REST_MICROSECONDS) return usage;
    before = usage;
  }
  throw new Error('The inspector is not at rest 20 s after the last message.');
}

async function messagesPerSecond(
  messages: number,
  ports: { readonly publish: number; readonly subscribe: number },
): Promise<number> {
  await using subscriber = await connect(`mqtt://127.0.0.1:${ports.subscribe}`);
  await using publisher = await connect(`mqtt://127.0.0.1:${ports.publish}`);
  const subscription = subscriber.subscribe('bench', { qos: 0, buffer: { max: messages } });
  await subscription.ready;
  const receiving = receiveAll(subscription, messages);
  const started = performance.now();
  for (let sent = 0; sent < messages; sent += 1) {
    void publisher.publish('bench', payload, { qos: 0 });
    if (!publisher.writable) await publisher.drained();
  }
  await receiving;
  return (messages / (performance.now() - started)) * 1000;
}

async function receiveAll(subscription: Pick<Subscription, 'next'>, messages: number): Promise<void> {
  for (let received = 0; received < messages; received += 1) await subscription.next();
}
