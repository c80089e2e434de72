/** A client over a transport in memory, on a clock that stands still, and the broker that the test scripts. */
import type { Clock, SessionStore } from '@omqtt/contracts';
import {
  type Acceptance,
  fakeClock,
  type FakeClock,
  memoryTransport,
  type MemoryTransport,
  type MemoryTransportOptions,
  scriptedBroker,
  type ScriptedBroker,
} from '@omqtt/testkit';
import { onTestFinished } from 'vitest';
import { Client, type ClientOptions, type Status } from '../../src/index.ts';

export interface Bench {
  readonly client: Client;
  readonly broker: ScriptedBroker;
  readonly clock: FakeClock;
  readonly transport: MemoryTransport;
  /** Each status so far. */
  readonly statuses: readonly Status[];
}

export interface BenchOptions extends Omit<ClientOptions, 'clock'> {
  readonly url?: ConstructorParameters<typeof Client>[0]['url'];
  readonly watchNetwork?: ConstructorParameters<typeof Client>[0]['watchNetwork'];
  readonly store?: SessionStore;
  readonly network?: Omit<MemoryTransportOptions, 'clock'>;
  /** What the client sees of the clock. Default: all. */
  readonly clockOf?: (clock: FakeClock) => Clock;
}

/** Not connected yet; closed after the test. Without jitter unless the test asks for it. */
export function newBench(options: BenchOptions = {}): Bench {
  const { url = 'mqtt://broker.test', network, store, clockOf, watchNetwork, ...given } = options;
  const clock = fakeClock();
  const transport = memoryTransport({ ...network, clock });
  const broker = scriptedBroker({ transport, clock });
  // 3.1.1 keeps a session for as long as it likes.
  const kept = given.version === '3.1.1' ? {} : { expirySeconds: 3600 };
  const session = store === undefined ? given.session : { ...kept, ...given.session, store };
  const client = new Client(
    { url, dial: transport.dial, watchNetwork },
    { random: () => 1, ...given, ...(session && { session }), clock: clockOf?.(clock) ?? clock },
  );
  const statuses: Status[] = [];
  client.on('status', (status) => statuses.push(status));
  refuseUnhandledRejections();
  onTestFinished(async () => {
    const closed = client.close();
    await clock.settle(5000);
    await closed;
  });
  return { client, broker, clock, transport, statuses };
}

/** Connected, with the CONNECT answered. */
export async function connected(options: BenchOptions = {}, acceptance: Acceptance = {}): Promise<Bench> {
  const bench = newBench(options);
  await connect(bench, acceptance);
  return bench;
}

export async function connect(
  { client, broker }: Pick<Bench, 'client' | 'broker'>,
  { connect: expected, sessionPresent = false, properties }: Acceptance = {},
): Promise<void> {
  const isConnected = client.connect();
  const { version, clientId } = await broker.expect('connect', expected);
  const all = { ...(clientId === '' && { assignedClientId: 'assigned' }), ...properties };
  broker.send({ type: 'connack', sessionPresent, reasonCode: 0, ...(version === '5.0' && { properties: all }) });
  await isConnected;
}

/** What became of a promise: `pending` as long as nothing did. */
export interface Watched<Value> {
  state: 'pending' | 'resolved' | 'rejected';
  value?: Value;
  error?: Error & { readonly code?: string; readonly cause?: unknown };
}

export function watch<Value>(promise: Promise<Value>): Watched<Value> {
  const watched: Watched<Value> = { state: 'pending' };
  void look(promise, watched);
  return watched;
}

async function look<Value>(promise: Promise<Value>, watched: Watched<Value>): Promise<void> {
  try {
    watched.value = await promise;
    watched.state = 'resolved';
  } catch (error) {
    watched.error = error as Error;
    watched.state = 'rejected';
  }
}

export function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'resolved',
    (error: unknown) => String((error as { readonly code?: unknown }).code),
  );
}

const unhandled: unknown[] = [];
process.on('unhandledRejection', (reason) => unhandled.push(reason));

/** Whatever happens in a test, no rejection may be left to nobody. */
function refuseUnhandledRejections(): void {
  onTestFinished(() => {
    const [cause] = unhandled.splice(0);
    if (cause !== undefined) throw new Error('a rejection was not handled', { cause });
  });
}
