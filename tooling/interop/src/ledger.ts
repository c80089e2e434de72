/** Nothing is lost at QoS 1 when a node of the cluster is killed under load: what was accepted is held against what arrived. */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { connect } from 'omqtt';
import type { RunningBroker } from './brokers.ts';

export interface Ledger {
  readonly accepted: number;
  readonly arrived: number;
  /** Accepted, and not arrived. */
  readonly lost: number;
  /** Arrived again, as QoS 1 allows. */
  readonly repeated: number;
}

/** The publisher is connected to the node that is killed, the subscriber to another one. */
export async function keepLedger(broker: RunningBroker, messages: number): Promise<Ledger> {
  const topic = `ledger/${randomUUID()}`;
  const reconnect = { initialMs: 100, maxMs: 1000 };
  await using subscriber = await connect(broker.urls.slice(1), {
    version: '3.1.1',
    clientId: `ledger-${randomUUID().slice(0, 8)}`,
    // What is to survive a node is a session that the cluster keeps.
    cleanStart: false,
    reconnect,
  });
  await using publisher = await connect(broker.urls, { version: '3.1.1', reconnect, sendMaximum: 50 });
  const arrivals = new Map<string, number>();
  const subscription = subscriber.subscribe(topic, { qos: 1 }, (message) => {
    arrivals.set(message.text(), (arrivals.get(message.text()) ?? 0) + 1);
  });
  await subscription.ready;

  const accepted = new Set<string>();
  const receipts: Promise<unknown>[] = [];
  for (let number = 0; number < messages; number += 1) {
    if (number === Math.floor(messages / 3)) await broker.killFirst();
    const text = String(number);
    receipts.push(
      publisher.publish(topic, text, { qos: 1, timeoutMs: 30_000 }).then(
        () => accepted.add(text),
        () => {},
      ),
    );
    if (number % 20 === 0) await wait(5);
  }
  await Promise.all(receipts);
  const isMissing = (): string[] => [...accepted].filter((text) => !arrivals.has(text));
  for (let tries = 0; tries < 100 && isMissing().length > 0; tries += 1) await wait(100);
  const repeated = [...arrivals.values()].reduce((sum, times) => sum + times - 1, 0);
  return { accepted: accepted.size, arrived: arrivals.size, lost: isMissing().length, repeated };
}
