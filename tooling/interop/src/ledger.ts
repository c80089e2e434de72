/** What becomes of messages at QoS 1 when a node of the cluster is killed under load: accepted, held against what arrived. */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { startBreakingRelay } from '@omqtt/peers';
import { connect } from 'omqtt';
import type { RunningBroker } from './brokers.ts';

/** Of the subscriber: one that the cluster keeps, or one that lives as long as its connection. */
export type SessionKind = 'kept' | 'clean';

export interface Ledger {
  readonly session: SessionKind;
  readonly accepted: number;
  readonly arrived: number;
  /** Accepted, and not arrived. */
  readonly lost: number;
  /** Of the lost ones, those that no node has sent to the subscriber. The others are lost by the client. */
  readonly neverSent: number;
  /** Arrived again, as QoS 1 allows. */
  readonly repeated: number;
  /** Of the subscriber. One means that it never lost the session, so that everything should have arrived. */
  readonly connections: number;
}

export interface LedgerPlan {
  readonly messages: number;
  readonly session: SessionKind;
}

const reconnect = { initialMs: 100, maxMs: 1000 };

/** The publisher is connected to the node that is killed, the subscriber to another one. */
export async function keepLedger(broker: RunningBroker, { messages, session }: LedgerPlan): Promise<Ledger> {
  const seen = new Set<string>();
  const relay = await startBreakingRelay(Number(new URL(broker.urls[1] ?? '').port), noteTexts(seen));
  try {
    const topic = `ledger/${randomUUID()}`;
    await using subscriber = await connect(`mqtt://127.0.0.1:${relay.port}`, {
      version: '3.1.1',
      clientId: `ledger-${randomUUID().slice(0, 8)}`,
      cleanStart: session === 'clean',
      reconnect,
    });
    const arrivals = new Map<string, number>();
    const subscription = subscriber.subscribe(topic, { qos: 1 }, (message) => {
      arrivals.set(message.text(), (arrivals.get(message.text()) ?? 0) + 1);
    });
    await subscription.ready;
    const accepted = await publishUnderLoad(broker, topic, messages);
    const missing = (): string[] => [...accepted].filter((text) => !arrivals.has(text));
    for (let tries = 0; tries < 100 && missing().length > 0; tries += 1) await wait(100);
    return {
      session,
      accepted: accepted.size,
      arrived: arrivals.size,
      lost: missing().length,
      neverSent: missing().filter((text) => !seen.has(text)).length,
      repeated: [...arrivals.values()].reduce((sum, times) => sum + times - 1, 0),
      connections: subscriber.connection?.number ?? 0,
    };
  } finally {
    await relay.close();
  }
}

/** The client has lost something, or a session that the cluster has to keep was not kept. */
export function isBroken({ session, lost, neverSent }: Ledger): boolean {
  return lost > (session === 'clean' ? neverSent : 0);
}

/** Nobody has to believe the subscriber: what is looked for are the bytes that the broker sends, whatever packets they are. */
function noteTexts(seen: Set<string>): (bytes: Buffer) => void {
  let rest = '';
  return (bytes) => {
    rest += bytes.toString('latin1');
    for (const [text] of rest.matchAll(/<\d+>/g)) seen.add(text);
    // Longer than any text that may have been cut in two.
    rest = rest.slice(-16);
  };
}

/** Kills the first node when a third is sent. Gives the messages that were acknowledged. */
async function publishUnderLoad(broker: RunningBroker, topic: string, messages: number): Promise<Set<string>> {
  await using publisher = await connect(broker.urls, { version: '3.1.1', reconnect, sendMaximum: 50 });
  const accepted = new Set<string>();
  const receipts: Promise<unknown>[] = [];
  for (let number = 0; number < messages; number += 1) {
    if (number === Math.floor(messages / 3)) await broker.killFirst();
    const text = `<${number}>`;
    receipts.push(
      publisher.publish(topic, text, { qos: 1, timeoutMs: 30_000 }).then(
        () => accepted.add(text),
        () => {},
      ),
    );
    if (number % 20 === 0) await wait(5);
  }
  await Promise.all(receipts);
  return accepted;
}
