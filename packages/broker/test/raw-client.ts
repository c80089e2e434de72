/** A client that does nothing by itself: a test says what it sends, and sees what it gets. */
import {
  encode,
  PacketStream,
  type ConnectPacket,
  type Packet,
  type PacketType,
  type ProtocolVersion,
  type PublishPacket,
  type SubscriptionRequest,
} from '@omqtt/codec';
import type { Connection } from '@omqtt/contracts';
import type { Broker } from '../src/index.ts';

type PacketOf<Type extends PacketType> = Extract<Packet, { readonly type: Type }>;

/** Long enough for a slow machine, and never waited for when all is well. */
const PATIENCE_MS = 5000;

export class RawClient {
  readonly connection: Connection;
  readonly version: ProtocolVersion;
  /** All that came. */
  readonly received: Packet[] = [];
  /** As it came, for those who look at bytes. */
  readonly chunks: Uint8Array[] = [];
  isClosed = false;
  #next = 0;
  #wake: () => void = () => {};

  constructor(connection: Connection, version: ProtocolVersion) {
    this.connection = connection;
    this.version = version;
    const stream = new PacketStream({ version, role: 'client' });
    connection.start({
      bytes: (chunk) => {
        this.chunks.push(chunk);
        this.received.push(...stream.push(chunk));
        this.#wake();
      },
      drained: () => {},
      closed: () => {
        this.isClosed = true;
        this.#wake();
      },
    });
  }

  send(packet: Packet): void {
    this.sendBytes(encode(packet, this.version, { role: 'client' }));
  }

  sendBytes(bytes: Uint8Array | readonly number[]): void {
    this.connection.write(bytes instanceof Uint8Array ? bytes : Uint8Array.from(bytes));
  }

  /** The next packet, which has to be of this type. */
  async next<Type extends PacketType>(type: Type): Promise<PacketOf<Type>> {
    await this.#until(() => this.#next < this.received.length || this.isClosed, `${type} did not come`);
    const packet = this.received[this.#next];
    if (packet?.type !== type) throw new Error(`${JSON.stringify(packet) ?? 'the end'} came instead of ${type}`);
    this.#next += 1;
    return packet as PacketOf<Type>;
  }

  /** Resolves when the connection is gone, with what came before and was not looked at. */
  async ended(): Promise<readonly Packet[]> {
    await this.#until(() => this.isClosed, 'the connection did not end');
    return this.unread();
  }

  unread(): readonly Packet[] {
    const packets = this.received.slice(this.#next);
    this.#next = this.received.length;
    return packets;
  }

  /** Everything that the broker had to say before it answered a ping. */
  async settled(): Promise<readonly Packet[]> {
    this.send({ type: 'pingreq' });
    await this.#until(
      () => this.received.slice(this.#next).some(({ type }) => type === 'pingresp') || this.isClosed,
      'no PINGRESP',
    );
    return this.unread().filter(({ type }) => type !== 'pingresp');
  }

  async subscribe(
    filter: string,
    wish: Partial<SubscriptionRequest> & { readonly identifier?: number } = {},
  ): Promise<void> {
    const { identifier, ...request } = wish;
    this.send({
      type: 'subscribe',
      packetId: 1000,
      subscriptions: [subscription(filter, request)],
      ...(identifier !== undefined && { properties: { subscriptionIdentifier: identifier } }),
    });
    await this.next('suback');
  }

  publish(topic: string, payload: string, more: Partial<PublishPacket> = {}): void {
    this.send(message(topic, payload, more));
  }

  /** As a client does that has lost its network. */
  destroy(): void {
    this.connection.destroy();
  }

  async #until(isTrue: () => boolean, problem: string): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    while (!isTrue()) {
      if (Date.now() > deadline) throw new Error(`${problem} within ${PATIENCE_MS} ms`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 50);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}

export type ConnectWish = Partial<Omit<ConnectPacket, 'type'>>;

/** A connection that has sent nothing yet. */
export async function dial(broker: Broker, version: ProtocolVersion = '5.0'): Promise<RawClient> {
  const target = { scheme: 'mqtt', host: 'memory', port: 1883, path: '' };
  return new RawClient(await broker.dial(target, AbortSignal.timeout(PATIENCE_MS)), version);
}

export function connectPacket(wish: ConnectWish = {}): ConnectPacket {
  return { type: 'connect', version: '5.0', clientId: 'client', cleanStart: true, keepAliveSeconds: 0, ...wish };
}

/** One that was accepted. */
export async function connect(broker: Broker, wish: ConnectWish = {}): Promise<RawClient> {
  const client = await dial(broker, wish.version);
  client.send(connectPacket(wish));
  const { reasonCode } = await client.next('connack');
  if (reasonCode !== 0) throw new Error(`CONNACK had the reason code ${reasonCode}`);
  return client;
}

export function subscription(filter: string, wish: Partial<SubscriptionRequest> = {}): SubscriptionRequest {
  return { filter, qos: 2, noLocal: false, retainAsPublished: false, retainHandling: 0, ...wish };
}

export function message(topic: string, payload: string, more: Partial<PublishPacket> = {}): PublishPacket {
  return { type: 'publish', topic, payload: bytesOf(payload), qos: 0, retain: false, dup: false, ...more };
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function textOf({ payload }: { readonly payload: Uint8Array }): string {
  return new TextDecoder().decode(payload);
}
