import type { Connection, TransportError } from '@omqtt/contracts';
import { describe, expect, test } from 'vitest';
import {
  fakeClock,
  memoryTransport,
  seededRandom,
  transportError,
  type MemoryConnection,
  type MemoryTransport,
  type MemoryTransportOptions,
} from '../src/index.ts';
import { RecordingSink } from '../src/recording-sink.ts';

const target = { scheme: 'mqtt', host: 'broker', port: 1883, path: '' };
const forever = new AbortController().signal;

interface Ends {
  readonly network: MemoryTransport;
  readonly client: Connection;
  readonly server: MemoryConnection;
  readonly atClient: RecordingSink;
  readonly atServer: RecordingSink;
}

async function connected(options: MemoryTransportOptions = {}): Promise<Ends> {
  const clock = fakeClock();
  const network = memoryTransport({ clock, ...options });
  const [client, server] = await Promise.all([network.dial(target, forever), network.accept()]);
  const [atClient, atServer] = [new RecordingSink(), new RecordingSink()];
  client.start(atClient);
  server.start(atServer);
  return { network, client, server, atClient, atServer };
}

function bytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => index);
}

const lengths = ({ chunks }: RecordingSink): number[] => chunks.map(({ length }) => length);

const settled = (): Promise<void> => fakeClock().settle();

describe('latency', () => {
  test('bytes travel for as long as the latency, and a dial there and back', async () => {
    const clock = fakeClock();
    const network = memoryTransport({ clock, latencyMs: 50 });
    const dialing = network.dial(target, forever);
    await clock.settle(99);
    expect(network.waiting).toBe(0);
    await clock.settle(1);
    const [client, server] = [await dialing, await network.accept()];
    const sink = new RecordingSink();
    server.start(sink);
    client.start(new RecordingSink());

    client.write(bytes(3));
    await clock.settle(49);
    expect(sink.received).toBe(0);
    await clock.settle(1);
    expect(sink.received).toBe(3);
  });

  test('a latency that falls lets nothing overtake', async () => {
    const clock = fakeClock();
    const { network, client, atServer } = await connected({ clock });
    network.latencyMs = 100;
    client.write(Uint8Array.of(1));
    network.latencyMs = 0;
    client.write(Uint8Array.of(2));
    await clock.settle(99);
    expect(atServer.received).toBe(0);
    await clock.settle(1);
    expect(atServer.all()).toEqual(Uint8Array.of(1, 2));
  });
});

/** The lengths of the chunks that 300 bytes came in. */
async function randomLengths(seed: number): Promise<number[]> {
  const { client, atServer } = await connected({ slicing: 'random', random: seededRandom(seed) });
  client.write(bytes(300));
  await settled();
  expect(atServer.all()).toEqual(bytes(300));
  return lengths(atServer);
}

describe('slicing', () => {
  test.each([
    ['as-written', [3, 5]],
    ['glued', [8]],
    ['bytewise', [1, 1, 1, 1, 1, 1, 1, 1]],
    [{ bytes: 3 }, [3, 3, 2]],
  ] as const)('%j cuts two writes of 3 and 5 bytes into %j', async (slicing, expected) => {
    const { client, atServer } = await connected({ slicing });
    client.write(bytes(3));
    client.write(bytes(5));
    await settled();
    expect(lengths(atServer)).toEqual(expected);
    expect(atServer.all()).toEqual(Uint8Array.of(0, 1, 2, 0, 1, 2, 3, 4));
  });

  test('random chunks are the same for the same seed, and carry the same bytes', async () => {
    expect(await randomLengths(1)).toEqual(await randomLengths(1));
    expect(await randomLengths(1)).not.toEqual(await randomLengths(2));
  });

  test('what the writer does with its bytes later does not reach the receiver', async () => {
    const { client, atServer } = await connected();
    const mine = bytes(3);
    client.write(mine);
    mine.fill(9);
    await settled();
    expect(atServer.all()).toEqual(bytes(3));
  });
});

describe('loss', () => {
  const lost: Partial<TransportError> = { code: 'connection-lost', phase: 'open', retryable: true };

  test('a cut loses what is on the way, and both ends hear of it once', async () => {
    const { network, client, server, atClient, atServer } = await connected();
    client.write(bytes(3));
    network.links[0]?.cut();
    client.write(bytes(3));
    await settled();
    expect([atServer.received, atClient.ends, atServer.ends]).toMatchObject([0, [lost], [lost]]);
    expect(network.links[0]?.isOpen).toBe(false);
    await Promise.all([client.close(), server.close()]);
  });

  test('a cut may bring an error of the test', async () => {
    const { network, atClient } = await connected();
    network.links[0]?.cut(transportError('unreachable', 'the cable'));
    await settled();
    expect(atClient.ends).toMatchObject([{ code: 'unreachable', message: 'the cable' }]);
  });

  test.each(['to-server', 'to-client'] as const)(
    'a cut after n bytes %s lets exactly those arrive',
    async (direction) => {
      const { network, client, server, atClient, atServer } = await connected();
      const [from, to] = direction === 'to-server' ? [client, atServer] : [server, atClient];
      from.write(bytes(2));
      await settled();
      network.links[0]?.cutAfter(3, direction);
      from.write(bytes(2));
      await settled();
      expect(to.ends).toEqual([]);
      from.write(bytes(9));
      await settled();
      expect(to.received).toBe(5);
      expect([atClient.ends, atServer.ends]).toMatchObject([[lost], [lost]]);
    },
  );

  test('a vanished peer swallows everything, and nobody hears of it until the connection is destroyed', async () => {
    const { network, client, server, atClient, atServer } = await connected();
    network.links[0]?.vanish();
    expect(client.write(bytes(3))).toBe(true);
    server.write(bytes(3));
    void server.close();
    await settled();
    expect([atClient.received, atServer.received, atClient.ends, atServer.ends]).toEqual([0, 0, [], []]);
    client.destroy();
    await settled();
    expect([atClient.ends.length, atServer.ends.length]).toEqual([1, 0]);
    server.destroy();
    await settled();
    expect(atServer.ends).toHaveLength(1);
  });

  test('a destroyed end is a lost connection for the other', async () => {
    const { client, atClient, atServer } = await connected();
    client.destroy();
    await settled();
    expect([atClient.ends, atServer.ends]).toMatchObject([[undefined], [lost]]);
  });
});

describe('stalls', () => {
  test('a stalled direction carries nothing and asks to hold, and all of it after release', async () => {
    const { network, client, server, atClient, atServer } = await connected();
    const link = network.links[0];
    link?.stall('to-server');
    expect(client.write(bytes(3))).toBe(false);
    expect(server.write(bytes(4))).toBe(true);
    await settled();
    expect([atServer.received, atClient.received, atClient.drains]).toEqual([0, 4, 0]);
    expect([link?.inFlight('to-server'), link?.carried('to-client')]).toEqual([3, 4]);
    link?.release('to-server');
    await settled();
    expect([atServer.received, atClient.drains]).toEqual([3, 1]);
    expect(client.write(bytes(1))).toBe(true);
  });

  test('both directions stall when none is named', async () => {
    const { network, client, server, atClient, atServer } = await connected();
    network.links[0]?.stall();
    client.write(bytes(1));
    server.write(bytes(1));
    await settled();
    expect([atServer.received, atClient.received]).toEqual([0, 0]);
    network.links[0]?.release();
    await settled();
    expect([atServer.received, atClient.received]).toEqual([1, 1]);
  });

  test('write asks to hold from as many bytes on as the buffer has', async () => {
    const { client, server, atClient } = await connected({ bufferBytes: 10 });
    server.pause();
    expect([client.write(bytes(9)), client.write(bytes(1))]).toEqual([true, false]);
    server.resume();
    await settled();
    expect(atClient.drains).toBe(1);
  });
});

describe('dials', () => {
  test('the next dials are refused, as many as were asked for, and are recorded', async () => {
    const clock = fakeClock(5000);
    const network = memoryTransport({ clock });
    network.refuseDials('name-not-found', 2);
    await expect(network.dial(target, forever)).rejects.toMatchObject({ code: 'name-not-found', phase: 'dns' });
    clock.advance(10);
    await expect(network.dial(target, forever)).rejects.toMatchObject({ code: 'name-not-found' });
    await network.dial(target, forever);
    expect(network.dials).toEqual([
      { target, at: 5000 },
      { target, at: 5010 },
      { target, at: 5010 },
    ]);
  });

  test('a refusal may be an error of the test, and be taken back', async () => {
    const network = memoryTransport();
    const error = transportError('certificate-not-trusted');
    expect(error.retryable).toBe(false);
    network.refuseDials(error, Infinity);
    await expect(network.dial(target, forever)).rejects.toBe(error);
    network.refuseDials(error, 0);
    await network.dial(target, forever);
    expect(network.waiting).toBe(1);
  });

  test('an ignored dial waits until it is given up', async () => {
    const network = memoryTransport();
    network.ignoreDials();
    const controller = new AbortController();
    const dialing = network.dial(target, controller.signal);
    await settled();
    controller.abort();
    await expect(dialing).rejects.toMatchObject({ code: 'aborted' });
    expect(network.links).toEqual([]);
  });

  test('a dial that is given up on its way makes no connection', async () => {
    const clock = fakeClock();
    const network = memoryTransport({ clock, latencyMs: 10 });
    const controller = new AbortController();
    const dialing = network.dial(target, controller.signal);
    await clock.settle(10);
    controller.abort();
    await expect(dialing).rejects.toMatchObject({ code: 'aborted' });
    expect([clock.pending, network.links]).toEqual([0, []]);
  });

  test('connections are accepted in the order in which they were made, and waiting for one can be given up', async () => {
    const network = memoryTransport();
    const controller = new AbortController();
    const given = network.accept(controller.signal);
    controller.abort();
    await expect(given).rejects.toMatchObject({ code: 'aborted' });
    await expect(network.accept(AbortSignal.abort())).rejects.toMatchObject({ code: 'aborted' });
    const waiting = network.accept(forever);
    await network.dial(target, forever);
    await network.dial(target, forever);
    expect([(await waiting).link.number, (await network.accept()).link.number]).toEqual([1, 2]);
    expect(network.links[1]).toMatchObject({ target, isOpen: true });
  });
});
