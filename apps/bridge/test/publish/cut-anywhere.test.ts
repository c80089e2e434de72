import { once } from 'node:events';
import { type AddressInfo, connect as connectTcp, createServer, type Socket } from 'node:net';
import { startBroker } from '@omqtt/broker';
import { connect } from 'omqtt';
import { expect, onTestFinished, test } from 'vitest';
import { aBridge, ready } from '../a-bridge.ts';

type Direction = 'to the broker' | 'to the bridge';

interface Cutter {
  readonly url: string;
  /** The connection ends after so many more bytes in this direction; those after it are lost. */
  cutAfter(bytes: number, direction: Direction): void;
  /** Whether it has come to that. */
  readonly hasCut: boolean;
}

/** Between bridge and broker. */
async function startCutter(brokerUrl: string): Promise<Cutter> {
  const { hostname, port } = new URL(brokerUrl);
  let left: { bytes: number; readonly direction: Direction } | undefined;
  const pass = (from: Socket, to: Socket, direction: Direction): void => {
    from.on('error', () => to.destroy()).on('close', () => to.destroy());
    from.on('data', (chunk: Buffer) => {
      if (left?.direction !== direction) {
        to.write(chunk);
        return;
      }
      const passed = chunk.subarray(0, left.bytes);
      left.bytes -= passed.length;
      if (left.bytes > 0) {
        to.write(passed);
        return;
      }
      left = undefined;
      // What was let through arrives; then there is nothing more.
      to.end(passed);
      from.destroy();
    });
  };
  const server = createServer((bridge) => {
    const broker = connectTcp(Number(port), hostname);
    pass(bridge, broker, 'to the broker');
    pass(broker, bridge, 'to the bridge');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cutAfter: (bytes, direction) => {
      left = { bytes, direction };
    },
    get hasCut() {
      return left === undefined;
    },
  };
}

/** PUBLISH and PUBREL, PUBREC and PUBCOMP: no exchange has more bytes than that, and with more nothing is cut. */
const positions: readonly (readonly [Direction, number])[] = [
  ...Array.from({ length: 20 }, (_, bytes) => ['to the broker', bytes + 1] as const),
  ...Array.from({ length: 10 }, (_, bytes) => ['to the bridge', bytes + 1] as const),
];

test.each([1, 2] as const)(
  'wherever the connection of a publish of QoS %i is cut, the outcome is true, and with QoS 2 nothing comes twice',
  async (qos) => {
    const broker = await startBroker();
    onTestFinished(() => broker.close());
    const cutter = await startCutter(broker.url);
    const brokers = { default: { url: cutter.url, connections: 1, reconnectMaxMs: 20 } };
    const bridge = await aBridge({ brokers, publish: { ackTimeoutMs: 5000 } });
    await ready(bridge);
    const client = await connect(broker.url);
    onTestFinished(() => client.close());
    const arrivals = new Map<string, number>();
    await client.subscribe('a', { qos: 2 }, (message) => {
      arrivals.set(message.text(), (arrivals.get(message.text()) ?? 0) + 1);
    }).ready;
    const outcomes = new Map<string, unknown>();
    let cuts = 0;
    for (const [direction, bytes] of positions) {
      await ready(bridge);
      const body = `${direction === 'to the broker' ? 'x' : 'y'}${String(bytes).padStart(2, '0')}`;
      cutter.cutAfter(bytes, direction);
      const headers = { 'content-type': 'application/octet-stream' };
      const answer = await bridge.call('POST', `/v1/topics/a?qos=${qos}`, { body, headers });
      if (cutter.hasCut) cuts += 1;
      outcomes.set(body, answer.status === 200 ? 'accepted' : answer.body['outcome']);
    }
    // Everything before it has arrived by then.
    await ready(bridge);
    let last = 0;
    while (last !== 200) ({ status: last } = await bridge.call('POST', '/v1/topics/a', { body: 'last' }));
    while (!arrivals.has('last')) await new Promise((resolve) => setTimeout(resolve, 10));
    for (const [body, outcome] of outcomes) {
      const times = arrivals.get(body) ?? 0;
      const most = qos === 2 ? 1 : Infinity;
      const isTrue =
        outcome === 'accepted' ? times >= 1 && times <= most : outcome === 'unknown' ? times <= most : times === 0;
      expect([body, outcome, times, isTrue]).toEqual([body, outcome, times, true]);
    }
    expect(cuts).toBeGreaterThan(qos === 1 ? 12 : 20);
  },
  60_000,
);
