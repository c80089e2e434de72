import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Broker, startBroker } from '@omqtt/broker';
import { connect } from 'omqtt';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openStream } from './event-stream.ts';

/** More, when there is time. */
const MESSAGES = Number(process.env['REPLICA_MESSAGES'] ?? 600);

const bin = join(import.meta.dirname, '../src/bin.ts');

interface Replica {
  readonly child: ChildProcess;
  readonly url: string;
}

async function startReplica(brokerUrl: string): Promise<Replica> {
  const env = {
    ...process.env,
    OMQTT_BRIDGE__HTTP__PORT: '0',
    OMQTT_BRIDGE__OPS__PORT: '0',
    OMQTT_BRIDGE__BROKERS__MAIN__URL: brokerUrl,
  };
  const child = spawn(process.execPath, ['--conditions=@omqtt/source', bin], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env,
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  for await (const line of createInterface({ input: child.stderr })) {
    const { message, url, adminUrl } = JSON.parse(line) as Record<string, string>;
    if (message !== 'the bridge listens') continue;
    // What it says later must not fill the pipe.
    child.stderr.resume();
    await untilReady(adminUrl ?? '');
    return { child, url: url ?? '' };
  }
  throw new Error('the replica has ended');
}

async function untilReady(adminUrl: string): Promise<void> {
  while ((await fetch(`${adminUrl}/readyz`)).status !== 200) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** By what a caller may do after each answer. */
type Ledger = ReadonlyMap<string, 'accepted' | 'not-sent' | 'unknown'>;

async function publishAll(
  replicas: readonly Replica[],
  count: number,
  meanwhile: (number: number) => void,
): Promise<Ledger> {
  const ledger = new Map<string, 'accepted' | 'not-sent' | 'unknown'>();
  const numbers = Array.from({ length: count }, (_, number) => number).values();
  const work = async (): Promise<void> => {
    for (const number of numbers) {
      meanwhile(number);
      const replica = replicas[number % replicas.length];
      ledger.set(
        String(number),
        await outcomeOf(`${replica?.url ?? ''}/v1/topics/ledger/${number % 7}`, String(number)),
      );
    }
  };
  await Promise.all(Array.from({ length: 16 }, work));
  return ledger;
}

async function outcomeOf(url: string, body: string): Promise<'accepted' | 'not-sent' | 'unknown'> {
  try {
    const response = await fetch(url, { method: 'POST', body });
    const answer = (await response.json()) as { outcome?: 'not-sent' | 'unknown' };
    return response.status === 200 ? 'accepted' : (answer.outcome ?? 'unknown');
  } catch {
    // The replica died with the request.
    return 'unknown';
  }
}

/** One of a group that shares the work. What it had not acknowledged comes again when its session goes on. */
async function aWorker(brokerUrl: string, work: (text: string) => void): Promise<string> {
  const worker = await connect(brokerUrl, { session: { expirySeconds: 60 }, reconnect: { maxMs: 100 } });
  onTestFinished(() => worker.close());
  await worker.subscribe('ledger/+', { qos: 1, share: 'workers', buffer: { max: 10_000 + MESSAGES } }, (message) =>
    work(message.text()),
  ).ready;
  return worker.clientId;
}

test('one of three replicas dies under load: nothing that was accepted is lost, and sessions go on elsewhere', async () => {
  const broker = await startBroker();
  onTestFinished(() => broker.close());
  const client = await connect(broker.url);
  onTestFinished(() => client.close());
  const arrived = new Map<string, number>();
  const count = (text: string): void => void arrived.set(text, (arrived.get(text) ?? 0) + 1);
  await client.subscribe('ledger/+', { qos: 1, buffer: { max: 10_000 + MESSAGES } }, (message) => count(message.text()))
    .ready;
  const worked = new Map<string, number>();
  const workers = await Promise.all(
    [1, 2].map(() => aWorker(broker.url, (text) => worked.set(text, (worked.get(text) ?? 0) + 1))),
  );
  const replicas = await Promise.all([1, 2, 3].map(() => startReplica(broker.url)));
  const [first, second] = replicas;
  const query = 'v1/events?mode=session&name=s&filter=ledger/%2B';
  const stream = await openStream(`${first?.url ?? ''}/${query}`);
  await stream.json('ready');

  const ledger = await publishAll(replicas, MESSAGES, (number) => {
    if (number === MESSAGES / 3) first?.child.kill('SIGKILL');
    // In the middle of its work, which the other one goes on with.
    if (number === (MESSAGES / 3) * 2) broker.cut(workers[0] ?? '');
  });
  const accepted = [...ledger].filter(([, outcome]) => outcome === 'accepted').map(([number]) => number);
  const notSent = [...ledger].filter(([, outcome]) => outcome === 'not-sent').map(([number]) => number);
  expect(accepted.length).toBeGreaterThan(MESSAGES / 2);
  expect(accepted.filter((number) => !arrived.has(number))).toEqual([]);
  expect(notSent.filter((number) => arrived.has(number))).toEqual([]);
  expect([...arrived.values()].every((times) => times === 1)).toBe(true);
  await vi.waitUntil(() => worked.size === arrived.size, { timeout: 10_000 });
  expect(accepted.filter((number) => !worked.has(number))).toEqual([]);

  // What the first one has passed on, and what the second one still does, are together everything.
  const seen = new Set<string>();
  const read = async (from: typeof stream, isDone: () => boolean): Promise<void> => {
    while (!isDone()) {
      const { event, data } = await from.next();
      if (event === 'gap') throw new Error(`a gap: ${data}`);
      if (event === 'message') seen.add((JSON.parse(data) as { payload: string }).payload);
    }
  };
  await read(stream, () => false).catch(() => undefined);
  const resumed = await openStream(`${second?.url ?? ''}/${query}`);
  expect(await resumed.json('ready')).toMatchObject({ resumed: true });
  await read(resumed, () => seen.size === arrived.size);
  expect(accepted.filter((number) => !seen.has(number))).toEqual([]);
}, 60_000);

function cutBridges(broker: Broker): void {
  for (const { clientId } of broker.clients) if (clientId.startsWith('omqtt-bridge')) broker.cut(clientId);
}

test('connections that are lost under load: what was accepted had arrived, and what was not sent had not', async () => {
  const broker = await startBroker();
  onTestFinished(() => broker.close());
  const arrived = new Set<string>();
  const client = await connect(broker.url);
  onTestFinished(() => client.close());
  await client.subscribe(
    'ledger/+',
    { qos: 1, buffer: { max: 10_000 + MESSAGES } },
    (message) => void arrived.add(message.text()),
  ).ready;
  const replica = await startReplica(broker.url);
  const ledger = await publishAll([replica], 600, (number) => {
    // Connections of the bridge are lost in the middle of whatever they do; their sessions stay.
    if (number % 200 === 100) cutBridges(broker);
  });
  await client.publish('ledger/end', 'end', { qos: 1 });
  while (!arrived.has('end')) await new Promise((resolve) => setTimeout(resolve, 10));
  const outcomes = [...ledger];
  expect(outcomes.filter(([number, outcome]) => outcome === 'not-sent' && arrived.has(number))).toEqual([]);
  expect(outcomes.filter(([number, outcome]) => outcome === 'accepted' && !arrived.has(number))).toEqual([]);
  expect(outcomes.filter(([, outcome]) => outcome === 'accepted').length).toBeGreaterThan(50);
  replica.child.kill('SIGTERM');
  expect(await once(replica.child, 'exit')).toEqual([0, null]);
}, 60_000);
