/** What the broker tells about itself under `$SYS/broker/`. */
import { distribute } from './distribution.ts';
import type { Engine } from './engine.ts';
import { Message } from './message.ts';

const encoder = new TextEncoder();
const roomy = { retainedMessages: Infinity, retainedBytes: Infinity };

/** Begins at once; returns what ends it. */
export function publishSysTopics(engine: Engine, intervalSeconds: number): () => void {
  const { clock } = engine;
  const startedAt = clock.now();
  let cancel: (() => void) | undefined;
  const tell = (): void => {
    for (const [topic, value] of sysValues(engine, startedAt)) publish(engine, `$SYS/broker/${topic}`, value);
    cancel = clock.wakeAt(clock.now() + intervalSeconds * 1000, tell);
  };
  tell();
  return () => cancel?.();
}

function publish(engine: Engine, topic: string, value: number | string): void {
  const receivedAt = engine.clock.now();
  const payload = encoder.encode(String(value));
  const message = new Message({ topic, payload, qos: 0, retain: true, properties: undefined, receivedAt });
  engine.ownRetained.store(message, roomy, receivedAt);
  distribute(engine, message);
}

function sysValues(engine: Engine, startedAt: number): readonly (readonly [topic: string, value: number | string])[] {
  const { clock, connected, counters, retained, routes, sessions } = engine;
  return [
    ['version', '@omqtt/broker'],
    ['uptime', Math.floor((clock.now() - startedAt) / 1000)],
    ['clients/connected', connected],
    ['clients/disconnected', sessions.size - connected],
    ['clients/total', sessions.size],
    ['subscriptions/count', routes.size],
    ['retained messages/count', retained.size],
    ['bytes/received', counters.bytesReceived],
    ['bytes/sent', counters.bytesSent],
    ['messages/received', counters.packetsReceived],
    ['messages/sent', counters.packetsSent],
    ['publish/messages/received', counters.publishReceived],
    ['publish/messages/sent', counters.publishSent],
    ['publish/messages/dropped', counters.publishDropped],
  ];
}
