/**
 * Stands at the client's end of the connection, sees every packet as it leaves and as it is taken in, and knows the
 * rules for the one who sends. It shares no code with the session.
 */
import type {
  ConnackPacket,
  ConnectPacket,
  DisconnectPacket,
  Packet,
  PublishPacket,
  SubscribePacket,
} from '@omqtt/codec';
import type { RestoredSession } from '@omqtt/core/session';
import { numberOfPayload } from './payload.ts';
import { hold, Violation } from './violation.ts';

interface Flight {
  readonly number: number;
  readonly qos: number;
  stage: 'sent' | 'recorded';
}

export class Referee {
  /** How many sessions have ended with their connections, as both sides know. */
  sessionsEnded = 0;
  /** What the client has sent and the server has not finished, by id, in the order of the first sending. */
  readonly #flights = new Map<number, Flight>();
  /** SUBSCRIBE and UNSUBSCRIBE without an answer, with the filters that are subscribed to. */
  #requests = new Map<number, readonly string[]>();
  /** How often the user has asked for a filter without an answer. */
  readonly #wanted = new Map<string, number>();
  /** Filters that the server has answered for in this session. */
  readonly #answered = new Set<string>();
  #phase: 'idle' | 'connecting' | 'open' | 'ended' = 'idle';
  /** What must be sent again before anything new: each kind in its order, PUBREL in that of the PUBRECs. */
  #resends: { publish: number[]; pubrel: number[] } = { publish: [], pubrel: [] };
  /** The ids of PUBRECs, in the order they came. */
  readonly #recorded = new Set<number>();
  /** Something new was sent on this connection, or everything on it is new. */
  #isPastResends = true;
  #receiveMaximum = 65_535;
  #connect: ConnectPacket | undefined;
  /** What was agreed on for the session; with 0 both sides know that it ends with the connection. */
  #expirySeconds: number | undefined;
  /** Ids that hold a slot of the Receive Maximum on this connection. */
  #slots = new Set<number>();
  /** What the client owes, in the order in which it has to come. */
  #owed = newDebts();

  /** A new connection: what belonged to the last one is gone. */
  begin(): void {
    if (this.#expirySeconds === 0) {
      this.sessionsEnded += 1;
      this.#forget();
    }
    this.#expirySeconds = undefined;
    this.#phase = 'idle';
    this.#requests = new Map();
    this.#resends = { publish: [], pubrel: [] };
    this.#slots = new Set();
    this.#owed = newDebts();
  }

  // A session that was to end with its connection may live on. One that is to end may do so too, if nobody hears of it.
  #prolong({ properties }: DisconnectPacket): void {
    const seconds = properties?.sessionExpirySeconds ?? 0;
    if (seconds > 0) this.#expirySeconds = seconds;
  }

  #forget(): void {
    this.#flights.clear();
    this.#recorded.clear();
    this.#answered.clear();
  }

  /** The process was restored from a store: from now on it knows what is in there. */
  restore({ messages, exists }: RestoredSession): void {
    this.#forget();
    this.#expirySeconds = exists ? Infinity : 0;
    for (const { packetId, payload, qos, stage } of messages) {
      if (packetId === undefined) continue;
      const isRecorded = stage === 'released';
      this.#flights.set(packetId, { number: numberOfPayload(payload), qos, stage: isRecorded ? 'recorded' : 'sent' });
      if (isRecorded) this.#recorded.add(packetId);
    }
  }

  /** The session believes that it has sent this, and the connection was gone before. */
  lost(packet: Packet): void {
    if (packet.type === 'disconnect') this.#prolong(packet);
    if (packet.type === 'publish' && packet.packetId !== undefined) this.#fly(packet, packet.packetId);
  }

  sent(packet: Packet): void {
    const { type } = packet;
    hold(this.#phase !== 'ended', 'after-disconnect', () => `${type} leaves after DISCONNECT`);
    if (this.#phase === 'idle') {
      hold(type === 'connect', 'connect-first', () => `${type} leaves before CONNECT`);
      this.#connect = packet;
      this.#phase = 'connecting';
      return;
    }
    hold(type !== 'connect', 'connect-once', () => 'a second CONNECT leaves');
    if (type === 'disconnect') {
      this.#prolong(packet);
      this.#phase = 'ended';
      return;
    }
    hold(this.#phase === 'open', 'before-connack', () => `${type} leaves before CONNACK`);
    this.#judge(packet);
  }

  #judge(packet: Packet): void {
    switch (packet.type) {
      case 'publish':
        return this.#judgePublish(packet);
      case 'pubrel':
        return this.#judgePubrel(packet.packetId, packet.reasonCode);
      case 'puback':
      case 'pubrec':
      case 'pubcomp': {
        const expected = this.#owed[packet.type].shift();
        const text = (): string => `${packet.type} ${packet.packetId} leaves where ${expected} was to come`;
        return hold(expected === packet.packetId, 'ack-order', text);
      }
      case 'subscribe':
        return this.#judgeSubscribe(packet);
      case 'unsubscribe':
        this.#judgeNewId(packet.packetId, packet.type);
        this.#requests.set(packet.packetId, []);
        return undefined;
      case 'pingreq':
        return undefined;
      default:
        throw new Violation('client-packet', `${packet.type} leaves`);
    }
  }

  // A subscription is made once in a session, unless the user asks again.
  #judgeSubscribe({ packetId, subscriptions }: SubscribePacket): void {
    this.#judgeNewId(packetId, 'subscribe');
    const filters = subscriptions.map(({ filter }) => filter);
    this.#requests.set(packetId, filters);
    const renewed = filters.find((filter) => this.#answered.has(filter) && (this.#wanted.get(filter) ?? 0) === 0);
    hold(renewed === undefined, 'renewal', () => `${renewed} is subscribed to again in the same session`);
  }

  #judgePublish(packet: PublishPacket): void {
    const { packetId: id, qos, dup } = packet;
    if (qos === 0 || id === undefined) return hold(!dup, 'dup', () => 'a QoS 0 message leaves with DUP');
    const number = numberOfPayload(packet.payload);
    const flight = this.#flights.get(id);
    if (flight === undefined) {
      // The session may have lost a packet with the last connection that never got here: it stood behind all others.
      hold(!dup || !this.#isPastResends, 'dup', () => `message ${number} leaves for the first time as ${id}, with DUP`);
      this.#isPastResends = !dup;
      const [left] = [...this.#resends.publish, ...this.#resends.pubrel];
      hold(left === undefined, 'resend-first', () => `message ${number} leaves before ${left} does again`);
      this.#judgeNewId(id, 'publish');
    } else {
      hold(
        flight.number === number,
        'id-in-use',
        () => `message ${number} leaves as ${id}, which is message ${flight.number}`,
      );
      hold(flight.stage === 'sent', 'publish-after-pubrec', () => `message ${number} leaves again after PUBREC ${id}`);
      hold(dup, 'dup', () => `message ${number} leaves again as ${id}, without DUP`);
      this.#takeResend(this.#resends.publish, id);
    }
    this.#fly(packet, id);
    this.#slots.add(id);
    hold(this.#slots.size <= this.#receiveMaximum, 'receive-maximum', () => `${this.#slots.size} messages are open`);
  }

  #judgeNewId(id: number, type: string): void {
    const isFree = !this.#flights.has(id) && !this.#requests.has(id);
    hold(isFree, 'id-in-use', () => `${type} leaves as ${id}, which is in use`);
  }

  #fly(packet: PublishPacket, id: number): void {
    if (this.#flights.has(id)) return;
    this.#flights.set(id, { number: numberOfPayload(packet.payload), qos: packet.qos, stage: 'sent' });
  }

  // A live connection has nothing to send again, and a new one has it in the order of the first time.
  #takeResend(resends: number[], id: number): void {
    const [expected] = resends;
    hold(expected !== undefined, 'resend-live', () => `${id} leaves again on a live connection`);
    hold(expected === id, 'resend-order', () => `${id} leaves again where ${expected} was to come`);
    resends.shift();
  }

  #judgePubrel(id: number, reasonCode: number): void {
    if (this.#owed.pubrel[0] === id) {
      this.#owed.pubrel.shift();
      const isKnown = this.#flights.has(id);
      return hold(!isKnown || reasonCode === 0, 'pubrel', () => `PUBREL ${id} leaves with ${reasonCode}`);
    }
    const flight = this.#flights.get(id);
    hold(flight?.stage === 'recorded', 'pubrel', () => `PUBREL ${id} leaves, and there was no PUBREC for it`);
    hold(!this.#owed.pubrel.includes(id), 'pubrel-order', () => `PUBREL ${id} leaves before its turn`);
    return this.#takeResend(this.#resends.pubrel, id);
  }

  /** To be called for what the session takes in, before it does. */
  received(packet: Packet): void {
    switch (packet.type) {
      case 'connack':
        if (packet.reasonCode === 0) this.#open(packet);
        return;
      case 'puback':
      case 'pubcomp':
        return this.#finish(packet.packetId);
      case 'pubrec':
        return this.#record(packet.packetId, packet.reasonCode);
      case 'suback':
      case 'unsuback':
        return this.#answer(packet.packetId);
      case 'publish':
        if (packet.packetId !== undefined) this.#owed[packet.qos === 1 ? 'puback' : 'pubrec'].push(packet.packetId);
        return;
      case 'pubrel':
        this.#owed.pubcomp.push(packet.packetId);
        return;
      default:
    }
  }

  #open({ sessionPresent, properties }: ConnackPacket): void {
    this.#phase = 'open';
    this.#receiveMaximum = properties?.receiveMaximum ?? 65_535;
    const { version, cleanStart, properties: asked } = this.#connect ?? {};
    const isLasting = version === '3.1.1' && cleanStart === false;
    this.#expirySeconds = isLasting ? Infinity : (properties?.sessionExpirySeconds ?? asked?.sessionExpirySeconds ?? 0);
    if (!sessionPresent) this.#forget();
    const isRecorded = (id: number): boolean => this.#flights.get(id)?.stage === 'recorded';
    this.#resends = {
      publish: [...this.#flights.keys()].filter((id) => !isRecorded(id)),
      pubrel: [...this.#recorded].filter(isRecorded),
    };
    this.#isPastResends = !sessionPresent;
  }

  /** The user asks for these filters, or (-1) has been answered. */
  asked(filters: readonly string[], change: 1 | -1): void {
    for (const filter of filters) this.#wanted.set(filter, (this.#wanted.get(filter) ?? 0) + change);
  }

  #answer(id: number): void {
    for (const filter of this.#requests.get(id) ?? []) this.#answered.add(filter);
    this.#requests.delete(id);
  }

  #finish(id: number): void {
    this.#flights.delete(id);
    this.#recorded.delete(id);
    this.#slots.delete(id);
  }

  #record(id: number, reasonCode: number): void {
    const flight = this.#flights.get(id);
    if (reasonCode >= 0x80) return this.#finish(id);
    if (flight !== undefined) {
      flight.stage = 'recorded';
      this.#recorded.add(id);
    }
    this.#owed.pubrel.push(id);
    return undefined;
  }

  /** Nothing may be left undone when all is quiet. */
  holdQuiet(): void {
    const { puback, pubrec, pubrel, pubcomp } = this.#owed;
    const open = {
      puback,
      pubrec,
      pubrel,
      pubcomp,
      flights: [...this.#flights.keys()],
      requests: [...this.#requests.keys()],
    };
    const isQuiet = Object.values(open).every(({ length }) => length === 0);
    hold(isQuiet, 'quiet', () => `there is something left at the client: ${JSON.stringify(open)}`);
  }
}

function newDebts(): Record<'puback' | 'pubrec' | 'pubrel' | 'pubcomp', number[]> {
  return { puback: [], pubrec: [], pubrel: [], pubcomp: [] };
}
