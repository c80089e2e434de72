import { encode } from '@omqtt/codec';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectWire, serveWire, type WireServer } from '../wire.ts';
import { listenerUrl, withInspector, type TestInspector } from '../with-inspector.ts';
import { patiently } from '../patiently.ts';

const hello = Buffer.from('hello');

describe.each(['tcp', 'tls'] as const)('over %s', (type) => {
  let upstream: WireServer;
  let inspector: TestInspector;
  beforeAll(async () => {
    upstream = await serveWire(type);
    inspector = await withInspector({ routes: [{ listen: listenerUrl(type), upstream: upstream.url }], ui: false });
  });
  afterAll(async () => {
    await inspector.close();
    await upstream[Symbol.asyncDispose]();
  });

  test('the end of one direction is passed on, and the other one goes on', async () => {
    const client = await connectWire(inspector.listeners[0] ?? '');
    const server = await upstream.next();
    await client.write(hello);
    client.end();
    await server.ended;
    expect(server.received()).toEqual(hello);
    await server.write(hello);
    await expect.poll(() => client.received(), patiently).toEqual(hello);
    server.end();
    expect(await client.closed).toBe('clean');
    expect(await server.closed).toBe('clean');
  });

  test.each(['client', 'server'] as const)('a reset by the %s resets the other side', async (side) => {
    const client = await connectWire(inspector.listeners[0] ?? '');
    const server = await upstream.next();
    await client.write(hello);
    await expect.poll(() => server.received(), patiently).toEqual(hello);
    if (side === 'client') client.reset();
    else server.reset();
    expect(await (side === 'client' ? server : client).closed).toBe('reset');
  });
});

test('a WebSocket that is closed ends the connection behind it, and one that breaks off resets it', async () => {
  await using upstream = await serveWire('tcp');
  await using inspector = await withInspector({
    routes: [{ listen: listenerUrl('ws'), upstream: upstream.url }],
    ui: false,
  });
  const url = inspector.listeners[0] ?? '';
  const closing = await connectWire(url);
  const first = await upstream.next();
  closing.end();
  await first.ended;
  first.end();
  expect(await first.closed).toBe('clean');

  const breaking = await connectWire(url);
  const second = await upstream.next();
  breaking.reset();
  expect(await second.closed).toBe('reset');
});

test('a client whose upstream cannot be reached is cut off, and the reason is reported', async () => {
  await using inspector = await withInspector({
    routes: [{ listen: listenerUrl('tcp'), upstream: 'mqtt://127.0.0.1:1' }],
    ui: false,
  });
  const client = await connectWire(inspector.listeners[0] ?? '');
  expect(await client.closed).toBe('reset');
  expect(inspector.reports).toEqual([expect.stringContaining('mqtt://127.0.0.1:1 cannot be reached')]);
});

test('a receiver that does not read holds the sender, and nothing is lost when it goes on', async () => {
  await using upstream = await serveWire('tcp');
  await using inspector = await withInspector({
    routes: [{ listen: listenerUrl('tcp'), upstream: upstream.url }],
    ui: false,
  });
  const client = await connectWire(inspector.listeners[0] ?? '');
  const server = await upstream.next();
  server.pause();
  const payload = new Uint8Array(1_048_576);
  const chunk = encode({ type: 'publish', topic: 'a', payload, qos: 0, dup: false, retain: false }, '5.0');
  const total = 32;
  let written = 0;
  const writing = (async () => {
    for (; written < total; written += 1) await client.write(chunk);
  })();
  // Kernel buffers take some megabytes; a proxy that took the rest would not stay below.
  const stalledAt = async (): Promise<boolean> => {
    const before = written;
    await new Promise((resolve) => setTimeout(resolve, 100));
    return written === before;
  };
  await expect.poll(stalledAt, patiently).toBe(true);
  expect(written).toBeLessThan(total / 2);
  server.resume();
  await writing;
  await expect.poll(() => server.received().length, patiently).toBe(total * chunk.length);
});
