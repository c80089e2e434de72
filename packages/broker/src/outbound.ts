/** Messages from the broker to one session: what waits, what is in flight, and the window of the client (§4.9). */
import { isFailure, PacketTooLargeError, type PublishPacket } from '@omqtt/codec';
import type { ClientConnection } from './client-connection.ts';
import { DeliveryQueue, type Delivery } from './delivery-queue.ts';
import type { Engine } from './engine.ts';

const HIGHEST_ID = 65_535;

/** Sent and not finished. `released`: PUBREC has come, and the message is the client's [MQTT-4.3.3-6]. */
export interface InFlight {
  readonly packetId: number;
  readonly stage: 'sent' | 'released';
  readonly delivery: Delivery;
  /** The connection whose window it takes a place in. */
  readonly sentOn: ClientConnection | undefined;
}

/** What an acknowledgement was about: `mismatch` when it is not that of the message's QoS. */
export type AckOutcome = 'done' | 'unknown' | 'mismatch';

export class Outbound {
  readonly #engine: Engine;
  readonly #queue = new DeliveryQueue();
  readonly #inFlight = new Map<number, InFlight>();
  #connection: ClientConnection | undefined;
  /** How many more QoS 1 and 2 messages may be sent. */
  #quota = 0;
  /** What was in flight when the client came back, in its order. */
  #toResend: number[] = [];
  #lastId = 0;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  get queued(): number {
    return this.#queue.size;
  }

  get queuedBytes(): number {
    return this.#queue.bytes;
  }

  get inFlight(): Iterable<InFlight> {
    return this.#inFlight.values();
  }

  get inFlightCount(): number {
    return this.#inFlight.size;
  }

  /** A message would leave at once. */
  get isReady(): boolean {
    return this.#connection !== undefined && this.#isWindowOpen && !this.#connection.output.isCongested;
  }

  /** Too much waits here for those who publish to go on at once. */
  get holdsPublishers(): boolean {
    const connection = this.#connection;
    if (!connection || connection.relief.isGivenUp) return false;
    return connection.output.isCongested || this.#isQueueAbove(2);
  }

  /** Begins with what was in flight, whole and in its order [MQTT-4.4.0-1] [MQTT-4.6.0-1]. */
  attach(connection: ClientConnection, receiveMaximum: number): void {
    this.#connection = connection;
    this.#quota = receiveMaximum;
    this.#toResend = [...this.#inFlight.keys()];
    this.pump();
  }

  detach(): void {
    this.#connection = undefined;
    this.#toResend = [];
  }

  clear(): void {
    this.detach();
    this.#queue.clear();
    this.#inFlight.clear();
  }

  deliver(delivery: Delivery): void {
    if (delivery.qos === 0) this.#deliverAtMostOnce(delivery);
    else if (this.#isWindowOpen && this.#connection) this.#sendNew(this.#connection, delivery);
    else this.#enqueue(delivery);
  }

  /** PUBACK. A failure is an acknowledgement, too [MQTT-4.4.0-2]. */
  acknowledged(packetId: number): AckOutcome {
    const entry = this.#inFlight.get(packetId);
    if (!entry) return 'unknown';
    if (entry.delivery.qos !== 1) return 'mismatch';
    this.#finish(packetId);
    return 'done';
  }

  /** PUBREC. The answer is for the caller to send. */
  received(packetId: number, reasonCode: number): AckOutcome {
    const entry = this.#inFlight.get(packetId);
    if (!entry) return 'unknown';
    if (entry.delivery.qos !== 2) return 'mismatch';
    if (isFailure(reasonCode)) this.#finish(packetId);
    else this.#inFlight.set(packetId, { ...entry, stage: 'released' });
    return 'done';
  }

  /** PUBCOMP. */
  completed(packetId: number): AckOutcome {
    const entry = this.#inFlight.get(packetId);
    if (!entry) return 'unknown';
    if (entry.stage !== 'released') return 'mismatch';
    this.#finish(packetId);
    return 'done';
  }

  /** Sends what the window allows. */
  pump(): void {
    const connection = this.#connection;
    if (!connection) return;
    this.#resend(connection);
    while (this.#mayTakeFromQueue) {
      const next = this.#queue.take();
      if (!next) break;
      this.#sendNew(connection, next);
    }
    const hasCaughtUp = !this.#isQueueAbove(4) && !connection.output.isCongested;
    if (hasCaughtUp && connection.relief.isAwaited) connection.relief.relieve();
  }

  get #isWindowOpen(): boolean {
    return this.#queue.size === 0 && this.#mayTakeFromQueue;
  }

  get #mayTakeFromQueue(): boolean {
    return this.#quota > 0 && this.#toResend.length === 0 && this.#inFlight.size < HIGHEST_ID && this.#hasRoomToWrite;
  }

  /** A large window must not become a large buffer. */
  get #hasRoomToWrite(): boolean {
    return this.#connection !== undefined && this.#connection.output.waitingBytes < this.#engine.limits.outputBytes;
  }

  #isQueueAbove(part: number): boolean {
    const { queuedMessages, queuedBytes } = this.#engine.limits;
    return this.#queue.size * part > queuedMessages || this.#queue.bytes * part > queuedBytes;
  }

  #finish(packetId: number): void {
    const isOfThisWindow = this.#inFlight.get(packetId)?.sentOn === this.#connection;
    this.#inFlight.delete(packetId);
    if (isOfThisWindow) this.#quota += 1;
    this.pump();
  }

  #deliverAtMostOnce(delivery: Delivery): void {
    const { message, retain, identifiers } = delivery;
    const connection = this.#connection;
    if (!connection) return;
    if (!this.#hasRoomToWrite) {
      this.#engine.counters.publishDropped += 1;
      return;
    }
    if (identifiers === undefined && message.expiresAt === Infinity && connection.takesFrames) {
      connection.sendFrame(message.frame(connection.version, retain));
      return;
    }
    this.#publish(connection, { delivery, packetId: undefined, dup: false });
  }

  /** The oldest have waited longest, so the newest is what gives way when nothing else does. */
  #enqueue(delivery: Delivery): void {
    const { limits, clock, counters } = this.#engine;
    const isFull = (): boolean =>
      this.#queue.size >= limits.queuedMessages || this.#queue.bytes + delivery.message.bytes > limits.queuedBytes;
    if (isFull()) counters.publishExpired += this.#queue.dropExpired(clock.now());
    if (isFull()) {
      counters.publishDropped += 1;
      return;
    }
    delivery.message.own();
    this.#queue.add(delivery);
  }

  #sendNew(connection: ClientConnection, delivery: Delivery): void {
    const packetId = this.#nextId();
    delivery.message.own();
    this.#inFlight.set(packetId, { packetId, stage: 'sent', delivery, sentOn: connection });
    this.#quota -= 1;
    if (this.#publish(connection, { delivery, packetId, dup: false })) return;
    this.#inFlight.delete(packetId);
    this.#quota += 1;
  }

  #resend(connection: ClientConnection): void {
    let count = 0;
    for (const packetId of this.#toResend) {
      // As it is now: it may have been acknowledged meanwhile.
      const entry = this.#inFlight.get(packetId);
      if (entry?.stage === 'sent' && this.#quota === 0) break;
      count += 1;
      if (entry?.stage === 'sent') this.#sendAgain(connection, entry);
      else if (entry) connection.send({ type: 'pubrel', packetId, reasonCode: 0 });
    }
    this.#toResend.splice(0, count);
  }

  /** [MQTT-3.3.1-1] [MQTT-4.3.3-7] It was sent before, so it does not expire any more. */
  #sendAgain(connection: ClientConnection, entry: InFlight): void {
    const { packetId, delivery } = entry;
    this.#inFlight.set(packetId, { ...entry, sentOn: connection });
    this.#quota -= 1;
    if (this.#publish(connection, { delivery, packetId, dup: true })) return;
    this.#inFlight.delete(packetId);
    this.#quota += 1;
  }

  /** False when the message is not for this client: it has expired, or is too large for it [MQTT-3.1.2-25]. */
  #publish(connection: ClientConnection, sending: Sending): boolean {
    const { delivery, packetId, dup } = sending;
    const { message, qos, retain, identifiers } = delivery;
    const { clock, counters } = this.#engine;
    const now = message.expiresAt === Infinity ? 0 : clock.now();
    if (!dup && message.expiresAt <= now) {
      counters.publishExpired += 1;
      return false;
    }
    const properties = connection.version === '5.0' ? message.propertiesAt(now, identifiers) : undefined;
    const { topic, payload } = message;
    const packet: PublishPacket = {
      type: 'publish',
      topic,
      payload,
      qos,
      retain,
      dup,
      ...(packetId !== undefined && { packetId }),
      ...(properties && { properties }),
    };
    try {
      connection.sendPublish(packet);
      return true;
    } catch (error) {
      if (!(error instanceof PacketTooLargeError)) throw error;
      counters.publishDropped += 1;
      return false;
    }
  }

  /** Next fit, so that an id rests as long as possible before it is used again. */
  #nextId(): number {
    do this.#lastId = (this.#lastId % HIGHEST_ID) + 1;
    while (this.#inFlight.has(this.#lastId));
    return this.#lastId;
  }
}

interface Sending {
  readonly delivery: Delivery;
  readonly packetId: number | undefined;
  readonly dup: boolean;
}
