import type { Packet } from '@omqtt/codec';
import { memoryStore } from '@omqtt/store-memory';
import { faultyStore, type Random, seededRandom } from '@omqtt/testkit';
import { describe, expect, test } from 'vitest';
import type { Client, WhenFull } from '../../src/index.ts';
import { type Bench, type BenchOptions, newBench, watch, type Watched } from './bench.ts';
import { publishCallingBack } from './every-call.ts';
import { message } from './subscribed.ts';

interface History extends Bench {
  readonly random: Random;
  readonly calls: Watched<unknown>[];
  readonly signals: AbortController[];
}

type Step = (history: History) => void;

const wait = ({ random, signals }: History): { timeoutMs?: number; signal?: AbortSignal } => {
  if (random.bool(0.7)) return {};
  if (random.bool()) return { timeoutMs: random.int(0, 2000) };
  const controller = new AbortController();
  signals.push(controller);
  return { signal: controller.signal };
};

const qosOf = (random: Random): 0 | 1 | 2 => random.int(0, 2) as 0 | 1 | 2;

/** What a user may do at any time. */
const calls: readonly ((client: Client, history: History) => Promise<unknown>)[] = [
  (client, history) => client.publish('a', 'x', { qos: qosOf(history.random), ...wait(history) }),
  (client, history) => publishCallingBack(client, { qos: qosOf(history.random), ...wait(history) }),
  (client, history) =>
    client.enqueue('a', 'x', { qos: qosOf(history.random), ...wait(history) }).then(({ receipt }) => receipt),
  (client, history) => client.request('service', 'x', wait(history)),
  (client, history) => client.ping(wait(history)),
  (client, history) => client.drained(wait(history)),
  (client, history) => client.connect(wait(history)),
  (client) => client.disconnect(),
  (client, history) => client.subscribe('a', { ...wait(history), qos: 2 }).ready,
  (client, history) => client.subscribe('a', { qos: 2 }).next(wait(history)),
  (client) => client.subscribe('b')[Symbol.asyncIterator]().next(),
  (client, history) => client.subscribe('c').unsubscribe(wait(history)),
];

/** What may happen outside at any time. */
const events: readonly Step[] = [
  ({ transport }) => transport.links.at(-1)?.cut(),
  ({ transport }) => transport.links.at(-1)?.stall(),
  ({ transport }) => transport.links.at(-1)?.release(),
  ({ transport }) => transport.links.at(-1)?.vanish(),
  ({ transport, random }) => transport.refuseDials('unreachable', random.int(0, 2)),
  ({ transport }) => transport.ignoreDials(),
  ({ signals }) => signals.shift()?.abort(),
];

const act: Step = (history) => {
  const { client, random } = history;
  const begin = async (): Promise<unknown> => random.pick(calls)(client, history);
  history.calls.push(watch(begin()));
};

/** Answers most of what comes, and says something of its own now and then. */
function serve({ broker, random }: History, packets: readonly Packet[]): void {
  for (const packet of packets) {
    try {
      if (random.bool(0.8)) broker.send(...answersTo(packet, random));
      const extra = message('a', 'x', { qos: qosOf(random), packetId: random.int(1, 3) });
      if (packet.type !== 'connect' && random.bool(0.3)) broker.send(extra);
      if (random.bool(0.02)) broker.send({ type: 'disconnect', reasonCode: random.pick([0x8b, 0x8e]) });
    } catch {
      // The connection is gone.
    }
  }
}

function answersTo(packet: Packet, random: Random): Packet[] {
  const packetId = 'packetId' in packet ? (packet.packetId ?? 0) : 0;
  switch (packet.type) {
    case 'connect': {
      const reasonCode = random.pick([0, 0, 0, 0, 0, 0, 0x88, 0x87]);
      const properties = { assignedClientId: 'x', receiveMaximum: random.int(1, 3) };
      const sessionPresent = reasonCode === 0 && !packet.cleanStart && random.bool();
      return [{ type: 'connack', sessionPresent, reasonCode, ...(reasonCode === 0 && { properties }) }];
    }
    case 'publish': {
      if (packet.qos === 0) return [];
      return [{ type: packet.qos === 1 ? 'puback' : 'pubrec', packetId, reasonCode: random.pick([0, 0, 0x10, 0x87]) }];
    }
    case 'pubrel':
      return [{ type: 'pubcomp', packetId, reasonCode: 0 }];
    case 'pingreq':
      return [{ type: 'pingresp' }];
    case 'subscribe':
      return [{ type: 'suback', packetId, reasonCodes: packet.subscriptions.map(() => random.pick([2, 2, 0x80])) }];
    case 'unsubscribe':
      return [{ type: 'unsuback', packetId, reasonCodes: packet.filters.map(() => 0) }];
    default:
      return [];
  }
}

/** Returns what is left of the history of this seed when the client was closed: nothing, if all is well. */
async function live(seed: number): Promise<readonly object[]> {
  const random = seededRandom(seed);
  let fails = false;
  const store = random.bool() ? faultyStore(memoryStore(), { failCommits: () => fails }) : undefined;
  const bench = newBench({ ...optionsOf(random), ...(store && { store }) });
  const { client, clock, broker } = bench;
  const history: History = { ...bench, random, calls: [], signals: [] };
  const accepting = acceptAll(bench);
  let answered = 0;
  for (let step = 0; step < 40; step += 1) {
    act(history);
    if (!client.isConnected && random.bool(0.3)) history.calls.push(watch(client.connect()));
    if (random.bool(0.1)) random.pick(events)(history);
    if (random.bool(0.05)) fails = !fails;
    if (random.bool(0.05)) store?.hold();
    else void store?.release();
    await clock.settle(random.pick([0, 1, 10, 500]));
    serve(
      history,
      broker.received.slice(answered).map(({ packet }) => packet),
    );
    answered = broker.received.length;
    await clock.settle(10);
  }
  const closed = watch(client.close({ drainMs: random.pick([0, 1000]) }));
  await clock.settle(4000);
  accepting.abort();
  const pending = history.calls.filter(({ state }) => state === 'pending').length;
  const { operations, publishers } = client.counts;
  const isOver = closed.state === 'resolved' && pending + operations + publishers === 0;
  return isOver ? [] : [{ seed, closed: closed.state, pending, operations, publishers }];
}

function optionsOf(random: Random): BenchOptions {
  const whenFull = random.pick<WhenFull>(['wait', 'reject', 'drop-oldest', 'drop-newest', 'latest-per-topic']);
  return {
    session: { adopt: true, ...(random.bool() && { expirySeconds: 60 }) },
    offline: { maxMessages: 3, whenFull, qos0: random.pick(['drop', 'queue']) },
    reconnect: { initial: random.bool(), initialMs: 10, maxMs: 1000 },
    keepAliveSeconds: 5,
    pingTimeoutMs: 1000,
    connectTimeoutMs: 1500,
    network: { latencyMs: random.int(0, 5) },
  };
}

/** Every connection that is made is taken by the broker. */
function acceptAll({ broker }: Bench): AbortController {
  const stop = new AbortController();
  const accept = async (): Promise<void> => {
    while (!stop.signal.aborted) await broker.accept();
  };
  accept().catch(() => undefined);
  return stop;
}

describe('whatever happens', () => {
  test.each(Array.from({ length: 10 }, (_, block) => block * 20))(
    'no call outlives its client: 20 histories from %i on [parity P1]',
    async (from) => {
      const leftovers = [];
      for (let seed = from; seed < from + 20; seed += 1) leftovers.push(...(await live(seed)));
      expect(leftovers).toEqual([]);
    },
  );
});
