/** What the inspector adds to the way of a small packet: round trips to an echo, one after the other. */
import { encode } from '@omqtt/codec';
import { once } from 'node:events';
import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net';
import { startUnderLoad } from './inspector-under-load.ts';

const ROUND_TRIPS = 5000;
const WARM_UP = 1000;

export interface AddedLatency {
  /** One way, in milliseconds: half of what a round trip takes longer. */
  readonly p50: number;
  readonly p99: number;
}

export async function measureLatency(): Promise<AddedLatency> {
  const echo = createServer(
    (socket) =>
      void socket
        .setNoDelay(true)
        .on('error', () => socket.destroy())
        .pipe(socket),
  );
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
  const { port } = echo.address() as AddressInfo;
  const inspector = await startUnderLoad(port, false);
  const sockets = [await open(port), await open(inspector.port)] as const;
  try {
    const direct: number[] = [];
    const proxied: number[] = [];
    for (let trip = 0; trip < WARM_UP + ROUND_TRIPS; trip += 1) {
      direct.push(await roundTrip(sockets[0]));
      proxied.push(await roundTrip(sockets[1]));
    }
    const [one, other] = [direct.slice(WARM_UP), proxied.slice(WARM_UP)];
    return { p50: added(one, other, 0.5), p99: added(one, other, 0.99) };
  } finally {
    for (const socket of sockets) socket.destroy();
    await inspector.stop();
    echo.close();
  }
}

const packet = encode(
  { type: 'publish', topic: 'a/b', payload: new Uint8Array(64), qos: 0, dup: false, retain: false },
  '5.0',
);

async function roundTrip(socket: Socket): Promise<number> {
  const started = performance.now();
  socket.write(packet);
  await once(socket, 'data');
  return performance.now() - started;
}

async function open(port: number): Promise<Socket> {
  const socket = createConnection(port, '127.0.0.1').setNoDelay(true);
  await once(socket, 'connect');
  return socket;
}

function added(direct: readonly number[], proxied: readonly number[], share: number): number {
  return (percentile(proxied, share) - percentile(direct, share)) / 2;
}

function percentile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((one, other) => one - other);
  return sorted[Math.floor(share * sorted.length)] ?? Number.NaN;
}
