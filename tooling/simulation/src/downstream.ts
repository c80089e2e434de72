/** The messages that the broker has for the client: what the application must get of them, and how often. */
import type { PublishPacket, QoS } from '@omqtt/codec';
import { numberOfPayload } from './payload.ts';
import { hold } from './violation.ts';

/** A message that the broker has queued for the client. */
export interface Downstream {
  readonly number: number;
  readonly topic: string;
  readonly qos: QoS;
  readonly bytes: number;
  /** The session of the broker that owes it. */
  readonly generation: number;
  deliveries: number;
  /**
   * Where the application stands with it. `lost`: the process that knew of it is gone. `taken`: it will not come again;
   * with `isDurable` not even after a crash.
   */
  state: 'unknown' | 'open' | 'taken' | 'refused' | 'lost';
  isDurable: boolean;
  /** The broker had a right to drop it: it expired, or was too large. */
  isExcused: boolean;
  packetId: number;
}

export class DownstreamMessages {
  readonly #messages: Downstream[] = [];
  readonly #lastFirstDeliveries = new Map<string, number>();

  make(topic: string, qos: QoS, owed: { readonly bytes: number; readonly generation: number }): Downstream {
    const message: Downstream = {
      number: this.#messages.length + 1,
      topic,
      qos,
      ...owed,
      deliveries: 0,
      state: 'unknown',
      isDurable: false,
      isExcused: false,
      packetId: 0,
    };
    this.#messages.push(message);
    return message;
  }

  /** The application gets a message. */
  deliver(packet: PublishPacket): Downstream {
    const number = numberOfPayload(packet.payload);
    const message = this.#messages[number - 1];
    hold(message !== undefined, 'content', () => `the application got ${packet.payload.length} bytes that nobody sent`);
    const { topic, qos, state } = message;
    hold(packet.topic === topic && packet.qos === qos, 'content', () => `message ${number} came on ${packet.topic}`);
    if (message.deliveries === 0) this.#holdOrder(message);
    hold(qos !== 0 || message.deliveries === 0, 'qos0-at-most-once', () => `message ${number} is delivered again`);
    if (qos === 2) {
      hold(!message.isDurable, 'qos2-exactly-once', () => `message ${number} is delivered again after PUBREC`);
      const isNew = state === 'unknown' || state === 'refused' || state === 'lost';
      hold(isNew, 'qos2-exactly-once', () => `message ${number}, which is ${state}, is delivered again`);
    }
    message.deliveries += 1;
    message.state = 'open';
    message.packetId = packet.packetId ?? 0;
    return message;
  }

  #holdOrder({ number, topic, qos }: Downstream): void {
    const key = `${qos}${topic}`;
    const last = this.#lastFirstDeliveries.get(key) ?? 0;
    hold(number > last, 'order-down', () => `message ${number} comes after message ${last} on ${topic}, QoS ${qos}`);
    this.#lastFirstDeliveries.set(key, number);
  }

  /** PUBREC has left: from here on the message is in the hands of the client, come what may. */
  noteTakenOver(packetId: number): void {
    const message = this.#messages.findLast(
      ({ qos, packetId: id, state }) => qos === 2 && id === packetId && state !== 'unknown',
    );
    if (message !== undefined) message.isDurable = true;
  }

  /** The process is gone; of what it knew, only what is in the store is left. */
  crash(isStored: (packetId: number) => boolean): void {
    for (const message of this.#messages) {
      if (message.state === 'open') message.state = 'lost';
      if (message.state === 'taken' && !message.isDurable && !isStored(message.packetId)) message.state = 'lost';
    }
  }

  /** A message of this session that the application never got. */
  findLost(generation: number): Downstream | undefined {
    return this.#messages.find(
      ({ qos, deliveries, generation: owedIn, isExcused }) =>
        qos > 0 && deliveries === 0 && owedIn === generation && !isExcused,
    );
  }
}
