/** Messages through a broker: one publisher, some subscribers, and what that costs the broker. */
import { encode, type ProtocolVersion } from '@omqtt/codec';
import type { BrokerProcess } from './contestants.ts';
import { connectLoadClient, subscribeLoadClient, type LoadClient } from './load-client.ts';

export interface Load {
  readonly name: string;
  readonly qos: 0 | 1;
  readonly subscribers: number;
  readonly messages: number;
}

export interface LoadResult {
  /** CPU time of the broker for each message that reached a subscriber. */
  readonly nanoseconds: number;
  /** Messages that reached subscribers, by the clock on the wall. */
  readonly perSecond: number;
}

const TOPIC = 'bench/load';
const PAYLOAD = new Uint8Array(64).fill(0x78);
/** QoS 1 messages that the publisher has in flight. */
const WINDOW = 500;
const PATIENCE_MS = 60_000;

export async function runLoad(broker: BrokerProcess, version: ProtocolVersion, load: Load): Promise<LoadResult> {
  const subscribers: LoadClient[] = [];
  for (let index = 0; index < load.subscribers; index += 1) {
    const client = await connectLoadClient(broker.port, version, `subscriber-${index}`);
    await subscribeLoadClient(client, 'bench/+', load.qos);
    subscribers.push(client);
  }
  const publisher = await connectLoadClient(broker.port, version, 'publisher');
  const cpuBefore = await broker.cpuMicroseconds();
  const started = performance.now();
  const allArrived = Promise.all(subscribers.map((client) => arrival(client, load)));
  await (load.qos === 0 ? publishAtMostOnce(publisher, load) : publishAtLeastOnce(publisher, load));
  await allArrived;
  const seconds = (performance.now() - started) / 1000;
  const cpu = (await broker.cpuMicroseconds()) - cpuBefore;
  for (const client of [...subscribers, publisher]) client.end();
  const deliveries = load.messages * load.subscribers;
  return { nanoseconds: (cpu * 1000) / deliveries, perSecond: deliveries / seconds };
}

/** All messages have come to this subscriber. Throws when one is missing. */
async function arrival(client: LoadClient, { qos, messages }: Load): Promise<void> {
  let arrived = 0;
  const before = client.bytesReceived;
  const frame = encode(message(0, undefined), client.version).length;
  if (qos === 1) {
    client.onPacket = (packet) => {
      if (packet.type !== 'publish') return;
      arrived += 1;
      client.send({ type: 'puback', packetId: packet.packetId ?? 0, reasonCode: 0 });
    };
  }
  const deadline = performance.now() + PATIENCE_MS;
  const count = (): number => (qos === 1 ? arrived : (client.bytesReceived - before) / frame);
  while (count() < messages) {
    if (performance.now() > deadline) throw new Error(`${messages - count()} of ${messages} messages did not arrive`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

async function publishAtMostOnce(publisher: LoadClient, { messages }: Load): Promise<void> {
  const frame = encode(message(0, undefined), publisher.version);
  const batch = 100;
  const bytes = new Uint8Array(frame.length * batch);
  for (let index = 0; index < batch; index += 1) bytes.set(frame, index * frame.length);
  for (let sent = 0; sent < messages; sent += batch) await publisher.write(bytes);
}

function publishAtLeastOnce(publisher: LoadClient, { messages }: Load): Promise<void> {
  return new Promise((resolve) => {
    let [sent, acknowledged] = [0, 0];
    const fill = (): void => {
      while (sent < messages && sent - acknowledged < WINDOW) {
        sent += 1;
        publisher.send(message(1, (sent % 65_535) + 1));
      }
    };
    publisher.onPacket = ({ type }) => {
      if (type !== 'puback') return;
      acknowledged += 1;
      if (acknowledged === messages) resolve();
      else if (sent - acknowledged <= WINDOW / 2) fill();
    };
    fill();
  });
}

function message(qos: 0 | 1, packetId: number | undefined) {
  const packet = { type: 'publish', topic: TOPIC, payload: PAYLOAD, qos, retain: false, dup: false } as const;
  return packetId === undefined ? packet : { ...packet, packetId };
}
