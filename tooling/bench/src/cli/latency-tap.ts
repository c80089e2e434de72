/**
 * Loaded before the command line: times every message a second time, without any code of the command, keeps all times, and
 * hands their percentiles to file descriptor 3 at the end. `calls` is from the call of `publish` until it calls back,
 * `packets` from PUBLISH to PUBACK as `node:diagnostics_channel` shows them, without what waits inside of the client.
 */
import { subscribe } from 'node:diagnostics_channel';
import { writeSync } from 'node:fs';
import type { Client, PacketEvent, Payload, PublishCallback, PublishOptions } from 'omqtt';

type Call = readonly [topic: string, payload: Payload, options: PublishOptions, callback: PublishCallback];

const RESULT_FILE = 3;
const calls: number[] = [];
const packets: number[] = [];
const sentAt = new Map<number, number>();
const known = new WeakSet<Client>();

subscribe('omqtt:status', (message) => {
  const { client } = message as { readonly client: Client };
  if (known.has(client)) return;
  known.add(client);
  const publish = client.publish.bind(client);
  // As the command calls it.
  const timed = (...[topic, payload, options, callback]: Call): void => {
    const start = process.hrtime.bigint();
    publish(topic, payload, options, (error, receipt) => {
      if (error === undefined) calls.push(Number(process.hrtime.bigint() - start) / 1e6);
      callback(error, receipt);
    });
  };
  client.publish = timed as Client['publish'];
});

subscribe('omqtt:packet', (message) => {
  const { packet } = message as PacketEvent;
  if (packet.type === 'publish' && packet.packetId !== undefined) sentAt.set(packet.packetId, performance.now());
  if (packet.type !== 'puback') return;
  const start = sentAt.get(packet.packetId);
  if (start !== undefined) packets.push(performance.now() - start);
});

process.on('exit', () => {
  writeSync(RESULT_FILE, JSON.stringify({ calls: percentiles(calls), packets: percentiles(packets) }));
});

function percentiles(times: number[]): Readonly<Record<string, number>> {
  times.sort((left, right) => left - right);
  const at = (percent: number): number => times[Math.ceil((percent / 100) * times.length) - 1] ?? 0;
  return { count: times.length, p50: at(50), p90: at(90), p99: at(99) };
}
