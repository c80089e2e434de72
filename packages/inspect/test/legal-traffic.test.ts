import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect as connectSocket, createServer, type AddressInfo, type Socket } from 'node:net';
import { startBroker as startEmbeddedBroker } from '@omqtt/broker';
import { requirePeer } from '@omqtt/peers';
import { connectAsync } from 'mqtt';
import { connect } from 'omqtt';
import { describe, expect, onTestFinished, test } from 'vitest';
import { mosquitto, startBroker } from '../../omqtt/test/mosquitto.ts';
import { formatRecord, Inspection, type Direction, type PacketRecord } from '../src/index.ts';

const publisher = requirePeer('mosquitto_pub');
const subscriber = requirePeer('mosquitto_sub');
const isMissing = mosquitto.isMissing || publisher.isMissing || subscriber.isMissing;
/** An hour at ten messages a second, in one go: `OMQTT_LEGAL_MESSAGES=36000`. */
const MESSAGES = Number(process.env['OMQTT_LEGAL_MESSAGES'] ?? 60);
const timeout = 30_000 + MESSAGES * 20;

interface Tap {
  readonly port: number;
  readonly inspection: Inspection;
  /** Resolves when a packet of this type has gone by. */
  passed(type: string): Promise<void>;
  /** How many packets have gone by, also those that the inspection has dropped since. */
  packets(): number;
  /** All packets so far that have findings, as text; no more than can be looked at. */
  readonly suspects: readonly string[];
}

/** Stands between clients and the broker, and looks at what goes by. */
async function startTap(brokerPort: number): Promise<Tap> {
  const inspection = new Inspection();
  const sockets = new Set<Socket>();
  const waiting = new Map<string, () => void>();
  const suspects: string[] = [];
  let count = 0;
  let packets = 0;
  const server = createServer((client) => {
    const id = `tcp-${(count += 1)}`;
    const upstream = connectSocket(brokerPort, '127.0.0.1');
    inspection.open(id, { at: Date.now() });
    for (const [from, to, direction] of [
      [client, upstream, 'c2s'],
      [upstream, client, 's2c'],
    ] as const) {
      sockets.add(from);
      from.on('data', (chunk: Buffer) => pass(id, { to, direction, chunk }));
      from.on('end', () => to.end());
      from.on('error', () => to.destroy());
    }
    client.on('close', () => void inspection.close(id, { at: Date.now() }));
  });
  function pass(id: string, { to, direction, chunk }: { to: Socket; direction: Direction; chunk: Buffer }): void {
    to.write(chunk);
    for (const record of inspection.bytes(id, direction, { chunk, at: Date.now() })) {
      packets += 1;
      if (record.findings.length > 0 && suspects.length < 100) suspects.push(formatRecord(record));
      waiting.get(record.type)?.();
    }
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const passed = (type: string): Promise<void> => new Promise((resolve) => waiting.set(type, resolve));
  return { port, inspection, passed, packets: () => packets, suspects };
}

/** Findings may also come to a packet later, which those that are still there show. */
function expectNothing({ suspects, inspection }: Tap): void {
  const later = [...inspection.records].filter(({ findings }) => findings.length > 0);
  expect([...suspects, ...later.map((record) => formatRecord(record))]).toEqual([]);
}

const brokers = ['mosquitto', 'the embedded broker'] as const;

/** Its port. */
async function start(broker: (typeof brokers)[number]): Promise<number> {
  if (broker === 'mosquitto') return (await startBroker()).port;
  const embedded = await startEmbeddedBroker();
  onTestFinished(() => embedded.close());
  return Number(new URL(embedded.url).port);
}

function withBrokers<Version>(versions: readonly Version[]): { version: Version; broker: (typeof brokers)[number] }[] {
  return versions.flatMap((version) => brokers.map((broker) => ({ version, broker })));
}

function typesOf(records: Iterable<PacketRecord>): Set<string> {
  return new Set(Array.from(records, ({ type }) => type));
}

describe.skipIf(isMissing)('what sound clients and brokers say to each other has no finding', () => {
  const ours = withBrokers(['5.0', '3.1.1'] as const);
  test.each(ours)('omqtt with MQTT $version and $broker', { timeout }, async ({ version, broker }) => {
    const tap = await startTap(await start(broker));
    // What is used here is the same in both versions.
    const client = await connect(`mqtt://127.0.0.1:${tap.port}`, { version: version as '5.0' });
    const subscription = client.subscribe(['a/+', 'b/#'], { qos: 2 });
    await subscription.ready;
    for (let done = 0; done < MESSAGES; done += 30) {
      // No more at once than a broker takes.
      const sending = Array.from({ length: Math.min(30, MESSAGES - done) }, (_, index) =>
        client.publish(`a/${index % 7}`, `message ${done + index}`, { qos: ([0, 1, 2] as const)[index % 3] ?? 0 }),
      );
      for (let received = 0; received < sending.length; received += 1) await subscription.next({ timeoutMs: 15_000 });
      await Promise.all(sending);
    }
    await client.ping();
    await subscription.unsubscribe();
    await client.close();
    expectNothing(tap);
    expect(typesOf(tap.inspection.records).size).toBeGreaterThanOrEqual(13);
    const open = [...tap.inspection.records].filter(({ pair }) => pair?.status === 'open');
    expect(open).toEqual([]);
  });

  const levels = withBrokers([5, 4] as const);
  test.each(levels)('MQTT.js at protocol level $version and $broker', { timeout }, async ({ version, broker }) => {
    const tap = await startTap(await start(broker));
    const client = await connectAsync({ host: '127.0.0.1', port: tap.port, protocolVersion: version });
    await client.subscribeAsync('a/#', { qos: 2 });
    let received = 0;
    const all = new Promise<void>((resolve) => {
      client.on('message', () => {
        received += 1;
        if (received === MESSAGES) resolve();
      });
    });
    // No more at once than the broker takes.
    for (let index = 0; index < MESSAGES; index += 10) {
      const few = Array.from({ length: 10 }, (_, each) => index + each);
      await Promise.all(
        few.map((each) => client.publishAsync(`a/${each}`, 'x', { qos: ([0, 1, 2] as const)[each % 3] ?? 0 })),
      );
    }
    await all;
    await client.unsubscribeAsync('a/#');
    await client.endAsync();
    expectNothing(tap);
    expect(tap.packets()).toBeGreaterThan(MESSAGES * 4);
  });

  // The embedded broker does not know 3.1.
  const commands = [
    ...withBrokers(['mqttv5', 'mqttv311'] as const),
    { version: 'mqttv31', broker: 'mosquitto' } as const,
  ];
  test.each(commands)(
    'mosquitto_sub and mosquitto_pub with $version and $broker',
    { timeout },
    async ({ version, broker }) => {
      const tap = await startTap(await start(broker));
      const common = ['-h', '127.0.0.1', '-p', String(tap.port), '-V', version, '-q', '2'];
      const isSubscribed = tap.passed('suback');
      const listener = spawn(subscriber.path, [...common, '-t', 'a/#', '-C', String(MESSAGES)], { stdio: 'ignore' });
      onTestFinished(() => void listener.kill());
      const ended = once(listener, 'exit');
      await isSubscribed;
      // Paced, because the broker drops what goes beyond its window.
      for (const [count, ...more] of [[1], [1, '-r'], [MESSAGES - 2]] as const) {
        const repeat = ['--repeat', String(count), '--repeat-delay', '0.005'];
        const args = [...common, '-t', 'a/b', '-m', 'hello', ...repeat, ...more];
        const sender = spawn(publisher.path, args, { stdio: 'ignore' });
        const [code] = (await once(sender, 'exit')) as [number];
        expect(code).toBe(0);
      }
      await ended;
      expectNothing(tap);
      expect(tap.packets()).toBeGreaterThan(MESSAGES * 4);
    },
  );
});
