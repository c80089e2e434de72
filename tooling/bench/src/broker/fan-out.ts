/** Many messages to many subscribers in one process, over the transport of the broker that has no socket. */
import { encode, type Packet } from '@omqtt/codec';
import type { Connection } from '@omqtt/contracts';
import { startBroker, type Broker } from '@omqtt/broker';

export interface FanOut {
  readonly messages: number;
  readonly subscribers: number;
}

export interface FanOutResult {
  readonly lost: number;
  readonly dropped: number;
  readonly nanoseconds: number;
}

const TOPIC = 'bench/load';
const BATCH = 100;

export async function runFanOut({ messages, subscribers }: FanOut): Promise<FanOutResult> {
  await using broker = await startBroker({ listeners: [] });
  const frame = bytesOf({
    type: 'publish',
    topic: TOPIC,
    payload: new Uint8Array(64),
    qos: 0,
    retain: false,
    dup: false,
  });
  const arrived: number[] = [];
  for (let index = 0; index < subscribers; index += 1) {
    arrived.push(0);
    await subscriber(broker, index, (bytes) => {
      arrived[index] = (arrived[index] ?? 0) + bytes;
    });
  }
  arrived.fill(0);
  const before = process.cpuUsage();
  await publish(broker, frame, messages);
  const wanted = messages * frame.length;
  for (let idle = 0; idle < 500 && arrived.some((bytes) => bytes < wanted); idle += 1) await wait(20);
  const { user, system } = process.cpuUsage(before);
  const missing = arrived.reduce((sum, bytes) => sum + wanted - bytes, 0);
  return {
    lost: missing / frame.length,
    dropped: broker.counters.publishDropped,
    nanoseconds: ((user + system) * 1000) / (messages * subscribers),
  };
}

async function subscriber(broker: Broker, index: number, onBytes: (bytes: number) => void): Promise<void> {
  const connection = await open(broker, `subscriber-${index}`, { onBytes, onDrained: () => {} });
  const request = { filter: 'bench/+', qos: 0, noLocal: false, retainAsPublished: false, retainHandling: 0 } as const;
  connection.write(bytesOf({ type: 'subscribe', packetId: 1, subscriptions: [request] }));
  while (broker.subscriptions.length <= index) await wait(1);
  // The answer has to be there before messages are counted.
  await wait(1);
}

async function publish(broker: Broker, frame: Uint8Array, messages: number): Promise<void> {
  let goOn: (() => void) | undefined;
  const connection = await open(broker, 'publisher', { onBytes: () => {}, onDrained: () => goOn?.() });
  const batch = new Uint8Array(frame.length * BATCH);
  for (let index = 0; index < BATCH; index += 1) batch.set(frame, index * frame.length);
  for (let sent = 0; sent < messages; sent += BATCH) {
    const drained = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    if (!connection.write(batch)) await drained;
  }
}

interface Ears {
  readonly onBytes: (bytes: number) => void;
  readonly onDrained: () => void;
}

async function open(broker: Broker, clientId: string, { onBytes, onDrained }: Ears): Promise<Connection> {
  const target = { scheme: 'mqtt', host: 'memory', port: 1883, path: '' };
  const connection = await broker.dial(target, AbortSignal.timeout(10_000));
  connection.start({ bytes: (chunk) => onBytes(chunk.length), drained: onDrained, closed: () => {} });
  connection.write(bytesOf({ type: 'connect', version: '5.0', clientId, cleanStart: true, keepAliveSeconds: 0 }));
  return connection;
}

function bytesOf(packet: Packet): Uint8Array {
  return encode(packet, '5.0');
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
