/**
 * Follows the QoS 2 messages that the broker sends. It knows which exchanges of an earlier connection are still to be
 * ended by PUBREL, and it sees what no receiver can tell from a new message: a PUBLISH that the broker sends again after
 * the PUBREL of the same exchange, which the standard forbids [MQTT-4.3.3-6].
 */
import type { Packet } from '@omqtt/codec';

interface Exchange {
  /** Tells messages apart; packet ids are used again. */
  readonly payload: string;
  /** In which it began. */
  readonly connection: number;
  stage: 'published' | 'recorded' | 'released' | 'completed';
}

interface Receiver {
  /** By packet id. Those that are completed stay: a PUBCOMP may be lost on its way to the broker. */
  readonly exchanges: Map<number, Exchange>;
  /** Ids of earlier connections that the broker goes on with, or has to, with PUBREL. */
  readonly unfinished: Set<number>;
  /** Ids whose PUBREL has come through, and whose PUBCOMP has not. */
  readonly released: Set<number>;
  connection: number;
  isConnected: boolean;
}

/** Looks at the packets of one connection, as far as they come through. */
export interface ConnectionWatch {
  up(packet: Packet): void;
  down(packet: Packet): void;
  end(): void;
}

export class ReleaseWatch {
  /** The payloads of the messages that were published again after their PUBREL. */
  readonly resent: Set<string> = new Set();
  readonly #receivers = new Map<string, Receiver>();

  /** A client connects. */
  begin(clientId: string): ConnectionWatch {
    const receiver = this.#receivers.get(clientId) ?? newReceiver();
    this.#receivers.set(clientId, receiver);
    receiver.connection += 1;
    receiver.isConnected = true;
    const { connection, unfinished } = receiver;
    unfinished.clear();
    for (const [id, { stage }] of receiver.exchanges) {
      if (stage === 'recorded' || stage === 'released') unfinished.add(id);
    }
    return {
      up: (packet) => {
        if (packet.type === 'pubrec') record(receiver, packet.packetId);
        else if (packet.type === 'pubcomp') complete(receiver, packet.packetId);
      },
      down: (packet) => {
        if (packet.type === 'pubrel') release(receiver, packet.packetId);
        else if (packet.type === 'publish' && packet.qos === 2) this.#publish(receiver, packet);
      },
      end: () => {
        if (receiver.connection !== connection) return;
        receiver.isConnected = false;
        unfinished.clear();
      },
    };
  }

  /** Whether something is still to be ended by PUBREL on this connection that began on an earlier one. */
  isFinishing(clientId: string): boolean {
    return (this.#receivers.get(clientId)?.unfinished.size ?? 0) > 0;
  }

  /** Whether a PUBREL has come through to it whose PUBCOMP the broker has not. */
  owesCompletion(clientId: string): boolean {
    return (this.#receivers.get(clientId)?.released.size ?? 0) > 0;
  }

  isConnected(clientId: string): boolean {
    return this.#receivers.get(clientId)?.isConnected ?? false;
  }

  #publish({ exchanges, unfinished, released, connection }: Receiver, packet: Packet & { type: 'publish' }): void {
    const { packetId = 0 } = packet;
    const payload = Buffer.from(packet.payload).toString();
    const before = exchanges.get(packetId);
    const wasReleased = before?.stage === 'released' || before?.stage === 'completed';
    if (wasReleased && before.payload === payload) this.resent.add(payload);
    unfinished.delete(packetId);
    released.delete(packetId);
    exchanges.set(packetId, { payload, connection, stage: 'published' });
  }
}

function newReceiver(): Receiver {
  return { exchanges: new Map(), unfinished: new Set(), released: new Set(), connection: 0, isConnected: false };
}

function record({ exchanges }: Receiver, packetId: number): void {
  const exchange = exchanges.get(packetId);
  if (exchange?.stage === 'published') exchange.stage = 'recorded';
}

function release({ exchanges, unfinished, released, connection }: Receiver, packetId: number): void {
  const exchange = exchanges.get(packetId);
  if (exchange === undefined) return;
  exchange.stage = 'released';
  released.add(packetId);
  if (exchange.connection !== connection) unfinished.add(packetId);
}

function complete({ exchanges, unfinished, released }: Receiver, packetId: number): void {
  unfinished.delete(packetId);
  released.delete(packetId);
  const exchange = exchanges.get(packetId);
  if (exchange !== undefined) exchange.stage = 'completed';
}
