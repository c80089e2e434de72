import { connect as connectTcp } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test, vi } from 'vitest';
import { aBridge, ready } from '../a-bridge.ts';
import { openStream } from '../event-stream.ts';
import { metricsOf, publish, scene } from '../publish/scene.ts';
import { withBroker } from '../with-broker.ts';

test('a message that is on its way when the bridge ends is still answered', async () => {
  const { broker, bridge } = await scene({}, { ops: { drainMs: 3000 } });
  const answering = publish(bridge);
  const { packetId = 0 } = await broker.expect('publish');
  const closed = bridge.close();
  broker.send({ type: 'puback', packetId, reasonCode: 0 });
  expect((await answering).status).toBe(200);
  await broker.expect('disconnect');
  await closed;
});

test('a request that comes on an open connection while the bridge ends is refused with a problem', async () => {
  const { broker, bridge } = await scene({}, { ops: { drainMs: 3000 } });
  const socket = connectTcp(Number(new URL(bridge.url).port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  const everything = text(socket);
  const request = 'POST /v1/topics/a HTTP/1.1\r\nhost: bridge\r\ncontent-length: 1\r\n\r\nx';
  socket.write(request);
  const { packetId = 0 } = await broker.expect('publish');
  const closed = bridge.close();
  await vi.waitUntil(async () => !(await bridgeListens(bridge.url)));
  socket.write(request);
  await vi.waitUntil(async () => (await metricsOf(bridge)).includes('omqtt_problems_total{code="draining"} 1\n'));
  broker.send({ type: 'puback', packetId, reasonCode: 0 });
  const [first = '', second = ''] = (await everything).split(/(?=HTTP\/1\.1)/);
  expect(first).toContain('200 OK');
  expect(second).toContain('503 Service Unavailable');
  expect(second.toLowerCase()).toContain('connection: close');
  expect(second).toContain('"code":"draining"');
  await broker.expect('disconnect');
  await closed;
});

async function bridgeListens(url: string): Promise<boolean> {
  const probe = connectTcp(Number(new URL(url).port), '127.0.0.1');
  const isOpen = await new Promise<boolean>((resolve) => {
    probe.once('connect', () => resolve(true)).once('error', () => resolve(false));
  });
  probe.destroy();
  return isOpen;
}

test('a caller who sends its request for ever does not hold up the end', async () => {
  const { bridge } = await withBroker({ ops: { drainMs: 200 } });
  const endless = new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode('x')) });
  const sending = fetch(`${bridge.url}/v1/topics/a`, { method: 'POST', body: endless, duplex: 'half' }).catch(
    () => 'cut',
  );
  await new Promise((resolve) => setTimeout(resolve, 100));
  await bridge.close();
  expect(await sending).toBe('cut');
});

test('a thousand open streams are told goodbye, and the bridge ends', async () => {
  const { bridge } = await withBroker();
  const url = `${bridge.url}/v1/events?filter=a&snapshot=none`;
  const streams = await Promise.all(Array.from({ length: 1000 }, () => openStream(url)));
  for (const stream of streams) await stream.json('ready');
  const closed = bridge.close();
  const reasons = new Set<unknown>();
  for (const stream of streams) reasons.add((await stream.json('bye'))['reason']);
  expect(reasons).toEqual(new Set(['draining']));
  await closed;
}, 30_000);

test('callers behind something that asks whether a replica is ready see nothing of its end', async () => {
  const { bridge: first, broker } = await withBroker({ ops: { unreadyMs: 300 } });
  const second = await aBridge({ brokers: { default: { url: broker.url } } });
  await ready(second);
  const replicas = [first, second];
  const isReady = [true, true];
  const looking = setInterval(() => {
    for (const [index, { adminUrl }] of replicas.entries()) {
      fetch(`${adminUrl ?? ''}/readyz`).then(
        ({ status }) => (isReady[index] = status === 200),
        () => (isReady[index] = false),
      );
    }
  }, 20);
  onTestFinished(() => clearInterval(looking));
  const statuses = new Map<number, number>();
  const end = { isOver: false };
  let closed: Promise<void> | undefined;
  for (let number = 0; !end.isOver; number += 1) {
    if (number === 20) closed = first.close().then(() => void (end.isOver = true));
    const index = isReady[number % 2] === true ? number % 2 : 1;
    const { status } = await (replicas[index] ?? second).call('POST', '/v1/topics/a', { body: 'x' });
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  await closed;
  expect([...statuses.keys()]).toEqual([200]);
}, 20_000);
