import { existsSync, statSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createClient, type Client, type ClientOptions, type QoS, type Subscription } from '../src/index.ts';
import { Gate } from './gate.ts';
import { mosquitto, startBroker, type Broker } from './mosquitto.ts';
import { startRelay, type Relay } from './relay.ts';

const MESSAGES = 2000;
const KILLS = 4;

/**
 * The broker is killed while messages go both ways, and comes back with what it had saved. It saves after it has
 * answered, so what clients saw in its last moment may never have been: such a broker loses messages whatever a client
 * does. The relay therefore keeps its last answers from the clients until it has saved what they tell.
 */
describe.skipIf(mosquitto.isMissing)('a broker that is killed in mid-traffic', () => {
  const versions = ['5.0', '3.1.1'] as const;
  for (const version of versions) {
    test(
      `MQTT ${version}: QoS 1 loses nothing, QoS 2 neither loses nor repeats anything [parity Z13, B6]`,
      { timeout: 60_000 },
      async () => {
        const broker = await startPersistentBroker();
        const relay = await startRelay(broker.port);
        const [sender, receiver] = [client(relay, version, 'sender'), client(relay, version, 'receiver')];
        const ledgers = ([0, 1, 2] as const).map((qos) => new Ledger(qos, receiver.subscribe(`q/${qos}`, { qos })));
        await Promise.all([sender.connect(), receiver.connect()]);
        await Promise.all(ledgers.map((ledger) => ledger.ready));

        const sending = ledgers.map((ledger) => sendAll(sender, ledger));
        for (let kill = 1; kill <= KILLS; kill += 1) {
          await ledgers[1]?.reached((MESSAGES * kill) / (KILLS + 1));
          await killAndRestart(broker, relay);
        }
        await Promise.all(sending);
        await Promise.all([ledgers[1]?.reached(MESSAGES), ledgers[2]?.reached(MESSAGES)]);
        // Whatever would be one too many has been sent by now.
        await receiver.ping({ timeoutMs: 5000 });

        const [once, atLeastOnce, exactlyOnce] = ledgers.map((ledger) => ledger.verdict);
        expect(once?.repeated).toBe(0);
        expect(atLeastOnce?.missing).toEqual([]);
        expect(exactlyOnce).toEqual({ missing: [], repeated: 0 });
        expect(receiver.connection?.number).toBeGreaterThan(KILLS);
        expect(sender.counts).toMatchObject({ waitingMessages: 0, inFlight: 0, packetIds: 0, operations: 0 });
      },
    );
  }
});

/** What arrived, by sequence number. */
class Ledger {
  readonly qos: QoS;
  readonly ready: Promise<unknown>;
  readonly #arrivals = new Map<number, number>();
  #goal = Infinity;
  #atGoal = new Gate();

  constructor(qos: QoS, subscription: Subscription) {
    this.qos = qos;
    this.ready = subscription.ready;
    void this.#read(subscription);
  }

  /** Resolves when so many different messages have arrived. */
  reached(goal: number): Promise<void> {
    this.#goal = goal;
    this.#atGoal = new Gate();
    this.#look();
    return this.#atGoal.opened;
  }

  get verdict(): { readonly missing: readonly number[]; readonly repeated: number } {
    const missing = Array.from({ length: MESSAGES }, (_, index) => index).filter((index) => !this.#arrivals.has(index));
    const arrivals = [...this.#arrivals.values()].reduce((sum, count) => sum + count, 0);
    return { missing, repeated: arrivals - this.#arrivals.size };
  }

  async #read(subscription: Subscription): Promise<void> {
    for await (const message of subscription) {
      const sequence = Number(message.text());
      this.#arrivals.set(sequence, (this.#arrivals.get(sequence) ?? 0) + 1);
      this.#look();
    }
  }

  #look(): void {
    if (this.#arrivals.size >= this.#goal) this.#atGoal.open();
  }
}

/** A few at a time, so that there is traffic whenever the broker dies. QoS 0 is lost without a connection, and may be. */
async function sendAll(sender: Client, { qos }: Ledger): Promise<void> {
  const next = Array.from({ length: MESSAGES }, (_, index) => index).values();
  const work = async (): Promise<void> => {
    for (const index of next) {
      const publishing = sender.publish(`q/${qos}`, String(index), { qos });
      await (qos === 0 ? publishing.catch(() => wait(5)) : publishing);
    }
  };
  await Promise.all(Array.from({ length: 15 }, work));
}

async function killAndRestart(broker: PersistentBroker, relay: Relay): Promise<void> {
  relay.mute();
  await broker.hasSaved();
  await broker.kill();
  relay.cut();
  await broker.start();
}

interface PersistentBroker extends Broker {
  /** Resolves when everything that the broker knew at the call is on disk. */
  hasSaved(): Promise<void>;
}

async function startPersistentBroker(): Promise<PersistentBroker> {
  const lines = [
    'persistence true',
    'persistence_location $folder/',
    // After every change.
    'autosave_on_changes true',
    'autosave_interval 1',
    'max_queued_messages 0',
    // What it finds above this at its start, it takes for messages that it never sent, whatever it had written down.
    'max_inflight_messages 2000',
  ];
  const broker = await startBroker({ lines });
  const database = `${broker.folder}/mosquitto.db`;
  const saved = (): bigint => (existsSync(database) ? statSync(database, { bigint: true }).mtimeNs : 0n);
  return {
    ...broker,
    async hasSaved() {
      // A save that is under way may have begun before; the second one has seen everything.
      for (let saves = 0; saves < 2; saves += 1) {
        const before = saved();
        // Saves now; changes of the state of a message alone are no reason for it to save by itself.
        broker.signal('SIGUSR1');
        await vi.waitUntil(() => saved() !== before, { timeout: 5000, interval: 5 });
      }
    },
  };
}

function client({ url }: Relay, version: '5.0' | '3.1.1', clientId: string): Client {
  const options: ClientOptions = {
    version,
    clientId,
    cleanStart: false,
    ...(version === '5.0' && { session: { expirySeconds: 3600 } }),
    reconnect: { initialMs: 5, maxMs: 50 },
  };
  const made = createClient(url, options as ClientOptions & { version: '5.0' });
  onTestFinished(() => made.close());
  return made;
}
