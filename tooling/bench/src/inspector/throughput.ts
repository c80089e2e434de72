/** Messages of QoS 0 with 1 kB to the embedded broker and on to a subscriber, directly and through the inspector. */
import { connect, type Subscription } from 'omqtt';
import { startBrokerProcess } from '../broker/contestants.ts';
import { median } from '../statistics.ts';
import { startUnderLoad } from './inspector-under-load.ts';

const MESSAGES = 20_000;
const payload = new Uint8Array(1024).fill(0x61);

export interface Throughput {
  /** Messages per second that arrive, in the median of the rounds. */
  readonly direct: number;
  readonly proxied: number;
}

/** They take turns, so that what else the machine does falls on both. The first round is for the compilers. */
export async function measureThroughput(rounds: number): Promise<Throughput> {
  const broker = await startBrokerProcess('omqtt');
  const inspector = await startUnderLoad(broker.port, false);
  const direct: number[] = [];
  const proxied: number[] = [];
  try {
    for (let round = 0; round <= rounds; round += 1) {
      direct.push(await messagesPerSecond(broker.port, broker.port));
      proxied.push(await messagesPerSecond(inspector.port, broker.port));
    }
  } finally {
    await inspector.stop();
    await broker.stop();
  }
  return { direct: median(direct.slice(1)), proxied: median(proxied.slice(1)) };
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
