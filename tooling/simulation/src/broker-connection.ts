/** One connection at the broker: reads strictly, judges every packet by what was announced, and answers. */
import { encode, PacketStream, type ConnectPacket, type Packet, type PublishPacket } from '@omqtt/codec';
import { BrokerDelivery } from './broker-delivery.ts';
import { BrokerIntake } from './broker-intake.ts';
import type { BrokerSession } from './broker-session.ts';
import { answerSubscribe, answerUnsubscribe } from './broker-subscriptions.ts';
import type { BrokerWorld } from './broker.ts';
import type { Link } from './network.ts';
import type { Limits } from './plan.ts';
import { hold, Violation } from './violation.ts';

export class BrokerConnection {
  readonly world: BrokerWorld;
  readonly link: Link;
  readonly #stream: PacketStream;
  readonly #onConnect: (connection: BrokerConnection, packet: ConnectPacket) => void;
  readonly #onEnd: (connection: BrokerConnection) => void;
  connect: ConnectPacket | undefined;
  limits: Limits = {};
  session: BrokerSession | undefined;
  delivery: BrokerDelivery | undefined;
  #intake: BrokerIntake | undefined;
  readonly #topics = new Map<number, string>();
  isEnded = false;
  #saidGoodbye = false;
  #lastHeardAt = 0;

  constructor(world: BrokerWorld, link: Link, events: ConnectionEvents) {
    this.world = world;
    this.link = link;
    this.#onConnect = events.onConnect;
    this.#onEnd = events.onEnd;
    this.#stream = new PacketStream({ version: world.setup.version, role: 'server' });
  }

  bytes(chunk: Uint8Array): void {
    if (this.isEnded) return;
    hold(!this.#saidGoodbye, 'after-disconnect', () => `${chunk.length} bytes came after DISCONNECT`);
    const held = this.#stream.bufferedBytes;
    const packets = this.#stream.push(chunk);
    if (packets.length === 0) return;
    this.#lastHeardAt = this.world.timeline.now;
    for (const packet of packets) this.#take(packet, { held, chunk });
  }

  #take(packet: Packet, arrival: Arrival): void {
    this.world.coverage.count(`up: ${nameOf(packet)}`);
    if (this.isEnded) return;
    hold(!this.#saidGoodbye, 'after-disconnect', () => `${packet.type} came after DISCONNECT`);
    if (this.connect === undefined) {
      hold(packet.type === 'connect', 'connect-first', () => `${packet.type} came before CONNECT`);
      this.connect = packet;
      this.#onConnect(this, packet);
      return;
    }
    this.#judgeSize(packet, arrival);
    this.#dispatch(packet);
  }

  // Encoded again only when the pieces that it came in could have been too large.
  #judgeSize(packet: Packet, { held, chunk }: Arrival): void {
    const { maximumPacketBytes = Infinity } = this.limits;
    if (held + chunk.length <= maximumPacketBytes) return;
    const size = encode(packet, this.world.setup.version).length;
    hold(
      size <= maximumPacketBytes,
      'packet-size',
      () => `${packet.type} of ${size} bytes, ${maximumPacketBytes} allowed`,
    );
  }

  #dispatch(packet: Packet): void {
    const { session, delivery } = this;
    const intake = this.#intake;
    hold(session !== undefined && intake !== undefined && delivery !== undefined, 'before-connack', () => packet.type);
    switch (packet.type) {
      case 'publish':
        return intake.takePublish(packet, this.#topicOf(packet));
      case 'pubrel':
        return intake.takePubrel(packet.packetId, packet.reasonCode);
      case 'puback':
        return delivery.takePuback(packet.packetId, packet.reasonCode);
      case 'pubrec':
        return delivery.takePubrec(packet.packetId, packet.reasonCode);
      case 'pubcomp':
        return delivery.takePubcomp(packet.packetId);
      case 'subscribe':
        return answerSubscribe(this, session, packet);
      case 'unsubscribe':
        return answerUnsubscribe(this, session, packet);
      case 'pingreq':
        return this.send({ type: 'pingresp' });
      case 'disconnect': {
        const { sessionExpirySeconds } = packet.properties ?? {};
        const asked = this.connect?.properties?.sessionExpirySeconds ?? 0;
        const isRaised = asked === 0 && sessionExpirySeconds !== undefined && sessionExpirySeconds > 0;
        hold(!isRaised, 'disconnect-expiry', () => `a session without an expiry is given ${sessionExpirySeconds} s`);
        if (sessionExpirySeconds !== undefined) session.expirySeconds = sessionExpirySeconds;
        this.#saidGoodbye = true;
        return undefined;
      }
      default:
        throw new Violation('client-packet', `${packet.type} came`);
    }
  }

  #topicOf({ topic, properties }: PublishPacket): string {
    const alias = properties?.topicAlias;
    if (alias === undefined) {
      hold(topic !== '', 'alias', () => 'a message came without a topic');
      return topic;
    }
    const { topicAliasMaximum = 0 } = this.limits;
    hold(alias >= 1 && alias <= topicAliasMaximum, 'alias', () => `alias ${alias}, ${topicAliasMaximum} allowed`);
    this.world.coverage.count(topic === '' ? 'up: alias used' : 'up: alias set');
    if (topic !== '') this.#topics.set(alias, topic);
    const known = this.#topics.get(alias);
    hold(known !== undefined, 'alias', () => `alias ${alias} has no topic on this connection`);
    return known;
  }

  /** CONNACK has been decided: from here on messages flow. */
  open(session: BrokerSession, limits: Limits, connack: Packet): void {
    this.session = session;
    this.link.generation = session.generation;
    this.limits = limits;
    this.#lastHeardAt = this.world.timeline.now;
    this.send(connack);
    this.#intake = new BrokerIntake(this, session);
    this.delivery = new BrokerDelivery(this, session);
    this.delivery.resume();
    this.#watchSilence();
  }

  // §3.1.2.10: one and a half times the keep-alive.
  #watchSilence(): void {
    const seconds = this.limits.serverKeepAliveSeconds ?? this.connect?.keepAliveSeconds ?? 0;
    if (seconds === 0) return;
    const { timeline } = this.world;
    const watch = (): void => {
      if (this.isEnded) return;
      const endsAt = this.#lastHeardAt + seconds * 1500;
      if (timeline.now > endsAt) {
        this.world.coverage.count('broker: keep-alive over');
        this.close(0x8d);
      } else timeline.at(endsAt + 1, watch);
    };
    watch();
  }

  send(packet: Packet): void {
    if (this.isEnded) return;
    this.world.coverage.count(`down: ${nameOf(packet)}`);
    this.link.writeDown(encode(packet, this.world.setup.version));
  }

  /** The broker ends the connection; 5.0 says why. */
  close(reasonCode: number): void {
    if (this.isEnded) return;
    if (this.world.setup.version === '5.0' && this.session !== undefined) this.send({ type: 'disconnect', reasonCode });
    this.link.closeByBroker();
    this.ended();
  }

  /** However it came about. */
  ended(): void {
    if (this.isEnded) return;
    this.isEnded = true;
    this.#onEnd(this);
  }
}

export interface ConnectionEvents {
  readonly onConnect: (connection: BrokerConnection, packet: ConnectPacket) => void;
  readonly onEnd: (connection: BrokerConnection) => void;
}

interface Arrival {
  readonly held: number;
  readonly chunk: Uint8Array;
}

function nameOf(packet: Packet): string {
  if (packet.type !== 'publish') return packet.type;
  return `publish QoS ${packet.qos}${packet.dup ? ' again' : ''}`;
}
