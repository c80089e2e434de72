/** Hostile connections to a live broker, while two well-behaved clients go on exchanging messages through it. */
import { connect as connectSocket } from 'node:net';
import { encode, PacketStream, type Packet } from '@omqtt/codec';
import { startBroker, type Broker } from '@omqtt/broker';
import { Corpus } from './corpus.ts';
import { makeHostileCase, type HostileCase } from './hostile-case.ts';
import { bytesInUse } from './memory.ts';

export interface BrokerCampaignOptions {
  readonly seed: number;
  readonly connections: number;
  readonly onProgress?: (done: number) => void;
}

export interface BrokerCampaignReport {
  readonly accepted: number;
  readonly refused: number;
  readonly protocolErrors: number;
  /** Messages that went round through the broker meanwhile. */
  readonly roundTrips: number;
  readonly memoryGrowthBytes: number;
}

/** So many hostile clients at a time. */
const BATCH = 200;
const PATIENCE_MS = 20_000;
/** A client that waits for the broker leaves after this time. */
const LONGEST_WAIT_MS = 50;
const MEMORY_GROWTH_ALLOWED = 8 * 1024 * 1024;

/** What hostile clients leave behind has to stay small, so that the campaign sees the limits at work. */
const limits = {
  connections: 300,
  // They expire before there are as many, or nobody else could come in.
  sessions: 20_000,
  sessionExpirySeconds: 1,
  retainedMessages: 100,
  retainedBytes: 1_048_576,
  queuedMessages: 100,
  queuedBytes: 262_144,
  maximumPacketBytes: 262_144,
  subscriptionsPerSession: 50,
} as const;

/** Throws when the broker makes a mistake, does not answer, or keeps memory. */
export async function runBrokerCampaign(options: BrokerCampaignOptions): Promise<BrokerCampaignReport> {
  const { seed, connections, onProgress } = options;
  const mistakes: unknown[] = [];
  await using broker = await startBroker({ limits, onError: (error) => mistakes.push(error) });
  const corpus = new Corpus(seed, 600);
  let before = 0;
  let roundTrips = 0;
  for (let done = 0; done < connections; done += BATCH) {
    // The first batches have code compiled and fill caches.
    if (done === Math.min(25, Math.floor(connections / BATCH / 2)) * BATCH) before = await memoryAtRest(broker);
    const cases = Array.from({ length: Math.min(BATCH, connections - done) }, (_, index) =>
      makeHostileCase(seed, done + index, corpus),
    );
    await Promise.all([...cases.map((each) => attack(broker, each)), exchange(broker, done)]);
    roundTrips += 1;
    const [cause] = mistakes;
    if (cause !== undefined) throw new Error(`seed ${seed}, cases from ${done}: the broker failed`, { cause });
    onProgress?.(done + cases.length);
  }
  const { connectionsAccepted, connectionsRefused, protocolErrors } = broker.counters;
  const memoryGrowthBytes = (await memoryAtRest(broker)) - before;
  if (memoryGrowthBytes > MEMORY_GROWTH_ALLOWED) throw new Error(`Memory grew by ${memoryGrowthBytes} bytes.`);
  return { accepted: connectionsAccepted, refused: connectionsRefused, protocolErrors, roundTrips, memoryGrowthBytes };
}

/** Sessions and retained messages are meant to stay; without them everything has to be as it was. */
async function memoryAtRest(broker: Broker): Promise<number> {
  await broker.goAway({ keepSessions: false });
  await broker.comeBack();
  return bytesInUse();
}

function attack(broker: Broker, { chunks, leaving }: HostileCase): Promise<void> {
  return new Promise((resolve) => {
    const socket = connectSocket(Number(new URL(broker.url).port), '127.0.0.1');
    const timer = setTimeout(() => socket.resetAndDestroy(), leaving === 'wait' ? LONGEST_WAIT_MS : PATIENCE_MS);
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.resume();
    for (const chunk of chunks) socket.write(chunk);
    if (leaving === 'end') socket.end();
    if (leaving === 'reset') socket.once('connect', () => setImmediate(() => socket.resetAndDestroy()));
  });
}

/** A message of QoS 1 from one client to another, which has to come in time whatever the others do. */
async function exchange(broker: Broker, number: number): Promise<void> {
  const topic = `sound/${number}`;
  const subscriber = await soundClient(broker, `sound-subscriber-${number}`);
  const request = { filter: topic, qos: 1, noLocal: false, retainAsPublished: false, retainHandling: 2 } as const;
  await subscriber.ask(encode({ type: 'subscribe', packetId: 1, subscriptions: [request] }, '5.0'), 'suback');
  const publisher = await soundClient(broker, `sound-publisher-${number}`);
  const arrived = subscriber.ask(new Uint8Array(0), 'publish');
  const message = { type: 'publish', topic, payload: Uint8Array.of(1), qos: 1, retain: false, dup: false } as const;
  await publisher.ask(encode({ ...message, packetId: 1 }, '5.0'), 'puback 0');
  await arrived;
  for (const client of [subscriber, publisher]) client.end();
}

interface SoundClient {
  /** Sends, and waits for a packet of this type. */
  ask(bytes: Uint8Array, answer: string): Promise<void>;
  end(): void;
}

async function soundClient(broker: Broker, clientId: string): Promise<SoundClient> {
  const socket = connectSocket(Number(new URL(broker.url).port), '127.0.0.1');
  const stream = new PacketStream({ version: '5.0', role: 'client' });
  const seen: string[] = [];
  let look: (() => void) | undefined;
  socket.on('error', () => look?.());
  socket.on('data', (chunk: Buffer) => {
    for (const packet of stream.push(new Uint8Array(chunk))) seen.push(nameOf(packet));
    look?.();
  });
  const ask = (bytes: Uint8Array, answer: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`${clientId} waits for ${answer} and got ${seen.join()}`)),
        PATIENCE_MS,
      );
      look = () => {
        if (!seen.includes(answer)) return;
        clearTimeout(timer);
        resolve();
      };
      if (bytes.length > 0) socket.write(bytes);
      look();
    });
  await ask(
    encode({ type: 'connect', version: '5.0', clientId, cleanStart: true, keepAliveSeconds: 0 }, '5.0'),
    'connack 0',
  );
  return { ask, end: () => socket.destroy() };
}

/** A refusal is no answer. */
function nameOf(packet: Packet): string {
  return 'reasonCode' in packet ? `${packet.type} ${packet.reasonCode}` : packet.type;
}
