import { describe, expect, test } from 'vitest';
import type { Client, Message, Packet, QoS, Subscription } from '../src/index.ts';
import { connectFor, limit } from './connecting.ts';
import { mosquitto, startBroker } from './mosquitto.ts';
import { type Relay, startRelay } from './relay.ts';

/** Per QoS. */
const MESSAGES = 400;
/** So many new messages get through before the line breaks. */
const BETWEEN_CUTS = 60;
const numbers = Array.from({ length: MESSAGES }, (_, index) => index);

/** What a reader got, as often as it got it, and as often as the server began it. */
class Ledger {
  readonly #relay: Relay;
  readonly #times = new Map<string, number>();
  readonly #begun = new Map<string, number>();
  /** Ids of QoS 2 between the first PUBLISH and PUBREL. */
  readonly #open = new Set<number>();

  constructor(relay: Relay) {
    this.#relay = relay;
  }

  /** What came over the wire. This broker sends PUBLISH again after its PUBREL when lines break fast: a new message then. */
  watch(packet: Packet): void {
    if (packet.type === 'pubrel') this.#open.delete(packet.packetId);
    if (packet.type !== 'publish' || packet.packetId === undefined || packet.qos !== 2) return;
    if (!this.#open.has(packet.packetId)) add(this.#begun, new TextDecoder().decode(packet.payload));
    this.#open.add(packet.packetId);
  }

  enter(message: Message): void {
    const before = this.distinct;
    add(this.#times, `${message.qos} ${message.text()}`);
    // Not for repetitions, which come anew with each line: there would be no end to it.
    if (this.distinct > before && this.distinct % BETWEEN_CUTS === 0) this.#relay.cut();
  }

  get distinct(): number {
    return this.#times.size;
  }

  /** Messages of QoS 2 that were handed out more or less often than the server began them. */
  get unlike(): readonly string[] {
    return [...this.#begun].filter(([text, times]) => this.#times.get(`2 ${text}`) !== times).map(([text]) => text);
  }
}

function add(times: Map<string, number>, key: string): void {
  times.set(key, (times.get(key) ?? 0) + 1);
}

/** The ways to read a subscription, each into a ledger. */
const ways: Readonly<Record<string, (client: Client, enter: (message: Message) => void) => Subscription>> = {
  'a handler': (client, enter) => client.subscribe('line/#', { qos: 2 }, enter),
  'handlers that wait': (client, enter) =>
    client.subscribe('line/#', { qos: 2, concurrency: 3 }, async (message) => {
      await new Promise(setImmediate);
      enter(message);
    }),
  'a loop': (client, enter) => {
    const messages = client.subscribe('line/#', { qos: 2 });
    void readAll(messages, enter);
    return messages;
  },
  'acknowledgements by hand, out of order': (client, enter) => {
    const messages = client.subscribe('line/#', { qos: 2, ack: 'manual' });
    void readAll(messages, (message) => {
      enter(message);
      if (message.payload.length % 2 === 0) message.ack();
      else setImmediate(() => message.ack());
    });
    return messages;
  },
};

async function readAll(messages: Subscription, enter: (message: Message) => void): Promise<void> {
  for await (const message of messages) enter(message);
}

describe.skipIf(mosquitto.isMissing)('on lines to mosquitto that break again and again', () => {
  test.each(['5.0', '3.1.1'] as const)(
    'MQTT %s: all arrives that was confirmed, and at QoS 2 once, however it is read',
    { timeout: 60_000 },
    async (version) => {
      const broker = await startBroker({ lines: ['max_queued_messages 0'] });
      const session = version === '5.0' ? { expirySeconds: 600 } : {};
      const options = { version, cleanStart: false, session, reconnect: { initialMs: 5, maxMs: 20 } } as const;
      const ledgers: Ledger[] = [];
      for (const [way, subscribe] of Object.entries(ways)) {
        const relay = await startRelay(broker.port);
        const ledger = new Ledger(relay);
        ledgers.push(ledger);
        const reader = await connectFor(
          { url: relay.url },
          {
            ...options,
            clientId: way,
            onPacket: ({ direction, packet }) => direction === 'in' && ledger.watch(packet),
          },
        );
        await subscribe(reader, (message) => ledger.enter(message)).ready;
      }
      const relay = await startRelay(broker.port);
      const publisher = await connectFor({ url: relay.url }, { ...options, clientId: 'publisher' });

      let confirmed = 0;
      const publish = async (number: number, qos: QoS): Promise<void> => {
        await publisher.publish(`line/${qos}`, `${number}`, { qos });
        confirmed += 1;
        if (confirmed % BETWEEN_CUTS === 0) relay.cut();
      };
      await Promise.all(numbers.flatMap((number) => [publish(number, 1), publish(number, 2)]));

      const isComplete = (): boolean => ledgers.every(({ distinct }) => distinct === 2 * MESSAGES);
      await expect.poll(isComplete, { timeout: 3 * limit.timeoutMs }).toBe(true);
      expect(ledgers.flatMap(({ unlike }) => unlike)).toEqual([]);
      expect(publisher.counts.reconnects).toBeGreaterThan(5);
    },
  );
});
