/** A real inspector through which so many packets have passed. */
import { once } from 'node:events';
import { createConnection, createServer, type AddressInfo } from 'node:net';
import { encode } from '@omqtt/codec';
import type { ApiStatus } from '../../src/api/routes.ts';
import { startInspector } from '../../src/start-inspector.ts';

const AT_ONCE = 1000;
const PATIENCE_MS = 300_000;

export interface FullInspector {
  readonly url: string;
  /** Where more packets may be sent to. */
  readonly listener: string;
  close(): Promise<void>;
}

export async function inspectMany(count: number): Promise<FullInspector> {
  const sink = createServer((socket) => void socket.on('error', () => socket.destroy()).resume());
  await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve));
  const upstream = `mqtt://127.0.0.1:${(sink.address() as AddressInfo).port}`;
  const inspector = await startInspector({
    routes: [{ listen: 'mqtt://127.0.0.1:0', upstream }],
    maximumStoredBytes: 2 ** 31,
  });
  const client = createConnection(Number(new URL(inspector.listeners[0] ?? '').port), '127.0.0.1');
  await once(client, 'connect');
  const packets = Array.from({ length: AT_ONCE }, (_, index) =>
    encode(
      {
        type: 'publish',
        topic: `plant/${index % 100}/temp`,
        payload: payloadOf(index),
        qos: 0,
        dup: false,
        retain: false,
      },
      '5.0',
    ),
  );
  const batch = Buffer.concat(packets);
  const seen = (): Promise<number> => lastOf(inspector);
  const started = performance.now();
  for (let sent = 0; sent < count; sent += AT_ONCE) {
    if (!client.write(batch)) await once(client, 'drain');
    // Not more than what may wait, or it would not be decoded.
    while (sent - (await seen()) > 50_000) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  while ((await seen()) < count && performance.now() - started < PATIENCE_MS) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    url: inspector.url ?? '',
    listener: inspector.listeners[0] ?? '',
    close: async () => {
      client.destroy();
      await inspector.close();
      sink.close();
    },
  };
}

function payloadOf(index: number): Uint8Array {
  return new TextEncoder().encode(`{"temp":${index % 40}}`);
}

async function lastOf({
  apiUrl = '',
  token = '',
}: {
  readonly apiUrl?: string | undefined;
  readonly token?: string | undefined;
}): Promise<number> {
  const answer = await fetch(`${apiUrl}/api/status`, { headers: { authorization: `Bearer ${token}` } });
  return ((await answer.json()) as ApiStatus).last;
}
