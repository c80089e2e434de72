import { encode } from '@omqtt/codec';
import { expect, test } from 'vitest';
import type { ApiStatus } from '../src/index.ts';
import { connectWire, serveWire } from './wire.ts';
import { listenerUrl, withInspector } from './with-inspector.ts';
import { patiently } from './patiently.ts';

test('past its bound the store drops the oldest packets and counts them, and forwarding goes on', async () => {
  await using upstream = await serveWire('tcp');
  await using inspector = await withInspector({
    routes: [{ listen: listenerUrl('tcp'), upstream: upstream.url }],
    maximumStoredBytes: 1_048_576,
  });
  const client = await connectWire(inspector.listeners[0] ?? '');
  const server = await upstream.next();
  const payload = new Uint8Array(1000);
  const packet = encode({ type: 'publish', topic: 'a', payload, qos: 0, dup: false, retain: false }, '5.0');
  const many = Buffer.concat(Array.from({ length: 5000 }, () => packet));
  await client.write(many);
  await expect.poll(() => server.received().equals(many), patiently).toBe(true);
  const status = async (): Promise<ApiStatus> => {
    const headers = { authorization: `Bearer ${inspector.token ?? ''}` };
    return (await fetch(`${inspector.apiUrl ?? ''}/api/status`, { headers })).json() as Promise<ApiStatus>;
  };
  await expect.poll(async () => (await status()).last, patiently).toBe(5000);
  const { stored, dropped, skippedBytes } = await status();
  expect(stored + dropped).toBe(5000);
  expect(skippedBytes).toBe(0);
  // Each takes its bytes and about 700 more.
  expect(stored).toBeGreaterThan(500);
  expect(stored).toBeLessThan(1100);
});
