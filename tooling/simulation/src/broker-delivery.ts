/** Messages for the client at the broker: sent within its window, again after a resumption, and finished by the book. */
import { encode, type PublishPacket } from '@omqtt/codec';
import type { BrokerConnection } from './broker-connection.ts';
import { takeId, type BrokerFlight, type BrokerSession, type QueuedMessage } from './broker-session.ts';
import { makePayload } from './payload.ts';
import { hold } from './violation.ts';

export class BrokerDelivery {
  readonly #connection: BrokerConnection;
  readonly #session: BrokerSession;
  readonly #receiveMaximum: number;
  readonly #aliasMaximum: number;
  readonly #aliases = new Map<string, number>();
  /** Ids of what was sent on this connection and is not finished: what the client's Receive Maximum counts. */
  readonly #open = new Set<number>();
  #resends: BrokerFlight[] = [];
  /** How many of them no maximum keeps from leaving. */
  #uncounted = 0;

  constructor(connection: BrokerConnection, session: BrokerSession) {
    this.#connection = connection;
    this.#session = session;
    const { receiveMaximum = 65_535, topicAliasMaximum = 0 } = connection.connect?.properties ?? {};
    this.#receiveMaximum = receiveMaximum;
    this.#aliasMaximum = topicAliasMaximum;
  }

  /** What was not finished is sent again, in the order of the first time [MQTT-4.4.0-1, MQTT-4.6.0-1]. */
  resume(): void {
    this.#resends = [...this.#session.flights.values()];
    if (this.#connection.world.setup.broker.countsAnew) {
      this.#uncounted = this.#resends.filter(({ stage }) => stage === 'sent').length;
    }
    this.flush();
  }

  flush(): void {
    if (this.#connection.isEnded) return;
    for (let [first] = this.#resends; first !== undefined; [first] = this.#resends) {
      if (first.stage === 'sent' && this.#isFull) return;
      this.#resends.shift();
      this.#sendAgain(first);
    }
    const { queue } = this.#session;
    for (let [first] = queue; first !== undefined; [first] = queue) {
      if (first.message.qos > 0 && this.#isFull) return;
      queue.shift();
      this.#sendFirst(first);
    }
  }

  get #isFull(): boolean {
    return this.#open.size - this.#uncounted >= this.#receiveMaximum;
  }

  #sendAgain(flight: BrokerFlight): void {
    if (flight.stage === 'released') {
      this.#connection.send({ type: 'pubrel', packetId: flight.id, reasonCode: 0 });
      return;
    }
    this.#open.add(flight.id);
    if (this.#open.size > this.#receiveMaximum) this.#connection.world.coverage.count('served: more than announced');
    this.#connection.send(this.#packetOf(flight, { id: flight.id, dup: true }));
  }

  #sendFirst(queued: QueuedMessage): void {
    const { qos } = queued.message;
    if (queued.expiresAt <= this.#connection.world.timeline.now) {
      queued.message.isExcused = true;
      return;
    }
    const id = qos === 0 ? 0 : takeId(this.#session);
    const packet = this.#packetOf(queued, { id, dup: false });
    if (this.#isTooLarge(packet, queued.message.topic)) {
      queued.message.isExcused = true;
      this.#aliases.delete(queued.message.topic);
      return;
    }
    if (qos > 0) {
      this.#session.flights.set(id, { ...queued, id, stage: 'sent' });
      this.#open.add(id);
    }
    this.#connection.send(packet);
  }

  // [MQTT-3.1.2-25] What is too large for the client counts as delivered: judged with the topic and an alias, as it may
  // have to leave later.
  #isTooLarge(packet: PublishPacket, topic: string): boolean {
    const { maximumPacketBytes = Infinity } = this.#connection.connect?.properties ?? {};
    if (maximumPacketBytes === Infinity) return false;
    const largest = { ...packet, topic, properties: { ...packet.properties, topicAlias: 1 } };
    return encode(largest, '5.0').length > maximumPacketBytes;
  }

  #packetOf({ message, expiresAt, expirySeconds, identifiers }: QueuedMessage, { id, dup }: Sending): PublishPacket {
    const { topic, qos, number, bytes } = message;
    const { timeline, setup } = this.#connection.world;
    const head = { type: 'publish', payload: makePayload(number, bytes), qos, retain: false, dup } as const;
    const withId = id === 0 ? head : { ...head, packetId: id };
    if (setup.version === '3.1.1') return { ...withId, topic };
    const left = Math.max(1, Math.ceil((expiresAt - timeline.now) / 1000));
    const alias = this.#chooseAlias(topic);
    const properties = {
      ...(expirySeconds !== undefined && { messageExpirySeconds: left }),
      ...(identifiers.length > 0 && { subscriptionIdentifiers: identifiers }),
      ...(alias !== undefined && { topicAlias: alias.number }),
    };
    return { ...withId, topic: alias?.isKnown === true ? '' : topic, properties };
  }

  // An alias may be set anew at any time, to the same topic or to another one.
  #chooseAlias(topic: string): { readonly number: number; readonly isKnown: boolean } | undefined {
    const { random } = this.#connection.world;
    if (this.#aliasMaximum === 0 || random.percent(30)) return undefined;
    const known = this.#aliases.get(topic);
    if (known !== undefined && random.percent(80)) return { number: known, isKnown: true };
    const number = random.between(1, this.#aliasMaximum);
    for (const [other, alias] of this.#aliases) {
      if (alias === number) this.#aliases.delete(other);
    }
    this.#aliases.set(topic, number);
    return { number, isKnown: false };
  }

  takePuback(id: number, reasonCode: number): void {
    const flight = this.#openFlight(id, 'PUBACK');
    hold(flight.message.qos === 1, 'ack-kind', () => `PUBACK ${id} came for a QoS ${flight.message.qos} message`);
    this.#finish(flight, reasonCode);
  }

  takePubrec(id: number, reasonCode: number): void {
    const flight = this.#openFlight(id, 'PUBREC');
    hold(flight.message.qos === 2, 'ack-kind', () => `PUBREC ${id} came for a QoS ${flight.message.qos} message`);
    hold(flight.stage === 'sent', 'ack-kind', () => `PUBREC ${id} came twice`);
    if (reasonCode >= 0x80) {
      this.#finish(flight, reasonCode);
      return;
    }
    flight.stage = 'released';
    this.#connection.send({ type: 'pubrel', packetId: id, reasonCode: 0 });
  }

  takePubcomp(id: number): void {
    const flight = this.#session.flights.get(id);
    hold(flight?.stage === 'released', 'ack-kind', () => `PUBCOMP ${id} came, and there was no PUBREL`);
    this.#finish(flight, 0);
  }

  #openFlight(id: number, what: string): BrokerFlight {
    const flight = this.#session.flights.get(id);
    const isOpen = flight !== undefined && this.#open.has(id);
    hold(isOpen, 'ack-kind', () => `${what} ${id} came for what was not sent on this connection`);
    return flight;
  }

  #finish({ id, message }: BrokerFlight, reasonCode: number): void {
    this.#session.flights.delete(id);
    this.#open.delete(id);
    this.#connection.world.coverage.count(reasonCode >= 0x80 ? 'served: refused' : `served: QoS ${message.qos} done`);
    this.flush();
  }
}

interface Sending {
  readonly id: number;
  readonly dup: boolean;
}
