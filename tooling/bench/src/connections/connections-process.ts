/** The process that opens the connections of one contestant, and prints what each of them takes. */
import { connect as connectSocket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import type { ConnectionCost, ConnectionContestant } from './measurement.ts';

type Open = () => Promise<unknown>;

/** CONNECT of 5.0 with an empty client id. */
const connectPacket = Uint8Array.of(0x10, 13, 0, 4, 0x4d, 0x51, 0x54, 0x54, 5, 2, 0, 60, 0, 0, 0);

const [name = '', port = '', count = ''] = process.argv.slice(2);
const open = await prepare(name as ConnectionContestant);
/** What is measured has to be held. */
const held: unknown[] = [];
// Code is compiled and pools are filled by the first ones, which do not count.
await openMany(Number(count) / 10);
const before = await usedBytes();
const [startedAt, cpuBefore] = [performance.now(), process.cpuUsage()];
await openMany(Number(count));
const { user, system } = process.cpuUsage(cpuBefore);
const seconds = (performance.now() - startedAt) / 1000;
const after = await usedBytes();
const each = (total: number): number => total / Number(count);
const found: ConnectionCost = {
  heapBytes: each(after.heap - before.heap),
  residentBytes: each(after.resident - before.resident),
  cpuMicroseconds: each(user + system),
  perSecond: Number(count) / seconds,
};
console.log(JSON.stringify(found));
process.exit(held.length > 0 ? 0 : 1);

async function prepare(contestant: ConnectionContestant): Promise<Open> {
  if (contestant === 'omqtt') {
    const { connect } = await import('omqtt');
    return () => connect(`mqtt://127.0.0.1:${port}`, { clientId: `c${held.length}` });
  }
  if (contestant === 'mqtt') {
    const { connectAsync } = await import('mqtt');
    return () => connectAsync(`mqtt://127.0.0.1:${port}`, { protocolVersion: 5, clientId: `c${held.length}` });
  }
  return () =>
    new Promise((resolve) => {
      const socket = connectSocket({ host: '127.0.0.1', port: Number(port), noDelay: true });
      socket.on('error', () => process.exit(1));
      socket.on('data', () => resolve(socket));
      socket.on('connect', () => socket.write(connectPacket));
    });
}

async function openMany(many: number): Promise<void> {
  for (let index = 0; index < many; index += 1) held.push(await open());
}

async function usedBytes(): Promise<{ readonly heap: number; readonly resident: number }> {
  for (let round = 0; round < 5; round += 1) {
    await turn();
    globalThis.gc?.();
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed + external, resident: rss };
}
