/** A client whose connection is a few functions: what it costs is then nothing but the client. */
import { encode, PacketStream, type Packet, type PublishPacket } from '@omqtt/codec';
import { Client } from '@omqtt/core';
import type { Connection, ConnectionSink } from '@omqtt/contracts';

/** So many filters in one SUBSCRIBE, which then stays small. */
const FILTERS_AT_ONCE = 1000;

export interface FedClient {
  readonly client: Client;
  /** Gives it bytes as if they had come from a server. */
  feed(chunk: Uint8Array): void;
}

export async function openFedClient(): Promise<FedClient> {
  const server = new AgreeableServer();
  const client = new Client(
    { url: 'mqtt://nowhere', dial: () => Promise.resolve(server) },
    { clientId: 'routing', keepAliveSeconds: 0 },
  );
  await client.connect();
  return { client, feed: (chunk) => server.feed(chunk) };
}

/** A subscription for each filter, all to the same handler. */
export async function subscribeToEach(client: Client, filters: readonly string[], handler: () => void): Promise<void> {
  for (let start = 0; start < filters.length; start += FILTERS_AT_ONCE) {
    const some = filters.slice(start, start + FILTERS_AT_ONCE);
    await Promise.all(some.map((filter) => client.subscribe(filter, { qos: 0 }, handler).ready));
  }
}

/** QoS 0 messages one behind the other, in chunks as a socket brings them. */
export function chunksOf(topics: Iterable<string>, payload: Uint8Array): readonly Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let packets: Uint8Array[] = [];
  let bytes = 0;
  const flush = (): void => {
    if (packets.length > 0) chunks.push(new Uint8Array(Buffer.concat(packets)));
    [packets, bytes] = [[], 0];
  };
  for (const topic of topics) {
    const message: PublishPacket = { type: 'publish', topic, payload, qos: 0, retain: false, dup: false };
    const packet = encode(message, '5.0');
    if (bytes + packet.length > CHUNK_BYTES) flush();
    packets.push(packet);
    bytes += packet.length;
  }
  flush();
  return chunks;
}

const CHUNK_BYTES = 65_536;

/** Says yes to everything, in a later turn as a network would. */
class AgreeableServer implements Connection {
  readonly info = { peer: 'nowhere', isSecure: false };
  readonly #stream = new PacketStream({ version: '5.0', role: 'server' });
  #sink: ConnectionSink | undefined;

  start(sink: ConnectionSink): void {
    this.#sink = sink;
  }

  feed(chunk: Uint8Array): void {
    this.#sink?.bytes(chunk);
  }

  write(bytes: Uint8Array): boolean {
    for (const packet of this.#stream.push(bytes.slice())) {
      const answer = answerTo(packet);
      if (answer !== undefined) setImmediate(() => this.feed(encode(answer, '5.0')));
    }
    return true;
  }

  pause(): void {
    throw new Error('there is nothing to wait for here');
  }

  resume(): void {
    // It never pauses.
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  destroy(): void {
    this.#sink?.closed();
  }
}

function answerTo(packet: Packet): Packet | undefined {
  if (packet.type === 'connect') return { type: 'connack', sessionPresent: false, reasonCode: 0 };
  if (packet.type !== 'subscribe') return undefined;
  const { packetId, subscriptions } = packet;
  return { type: 'suback', packetId, reasonCodes: subscriptions.map(() => 0) };
}
