import { encode } from '@omqtt/codec';
import { seededRandom, type Random } from '@omqtt/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectWire, serveWire, type Wire, type WireServer, type WireType } from '../wire.ts';
import { listenerUrl, withInspector, type TestInspector } from '../with-inspector.ts';
import { patiently } from '../patiently.ts';

const listenTypes = ['tcp', 'tls', 'ws', 'wss'] as const;
const upstreamTypes = ['tcp', 'tls', 'ws', 'wss', 'unix'] as const;

/** Packets, then bytes that are none, so that nothing depends on what they mean. */
function streamOf(random: Random): Buffer {
  const packets = Array.from({ length: 200 }, (_, index) =>
    encode(
      {
        type: 'publish',
        topic: `a/${index}`,
        payload: bytesOf(random, random.int(0, 900)),
        qos: 0,
        dup: false,
        retain: false,
      },
      '5.0',
    ),
  );
  return Buffer.concat([...packets, bytesOf(random, 100_000)]);
}

function bytesOf(random: Random, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random.int(0, 255));
}

async function writeSliced(wire: Wire, bytes: Buffer, random: Random): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const length = random.bool(0.3) ? random.int(1, 20) : random.int(1, 9000);
    await wire.write(bytes.subarray(at, at + length));
    at += length;
  }
}

describe.each(upstreamTypes)('to an upstream of type %s', (upstreamType: WireType) => {
  let upstream: WireServer;
  let inspector: TestInspector;
  beforeAll(async () => {
    upstream = await serveWire(upstreamType);
    const routes = listenTypes.map((type) => ({ listen: listenerUrl(type), upstream: upstream.url }));
    inspector = await withInspector({ routes, ui: false });
  });
  afterAll(async () => {
    await inspector.close();
    await upstream[Symbol.asyncDispose]();
  });

  test.each(listenTypes)(
    'both streams of a client over %s arrive byte for byte, however they are cut',
    async (type) => {
      const random = seededRandom(listenTypes.indexOf(type) + 1);
      const client = await connectWire(inspector.listeners[listenTypes.indexOf(type)] ?? '');
      const server = await upstream.next();
      const [toServer, toClient] = [streamOf(random), streamOf(random)];
      await Promise.all([writeSliced(client, toServer, random), writeSliced(server, toClient, random)]);
      await expect.poll(() => server.received().length, patiently).toBe(toServer.length);
      await expect.poll(() => client.received().length, patiently).toBe(toClient.length);
      expect(server.received().equals(toServer)).toBe(true);
      expect(client.received().equals(toClient)).toBe(true);
      client.end();
      await server.ended;
      server.end();
      expect(await client.closed).toBe('clean');
    },
  );
});
