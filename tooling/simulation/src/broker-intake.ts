/** Messages from the client at the broker: taken over once, and acknowledged in the order they came (§4.3, §4.6). */
import type { Packet, PublishPacket } from '@omqtt/codec';
import type { BrokerConnection } from './broker-connection.ts';
import type { BrokerSession } from './broker-session.ts';
import type { Upstream } from './upstream.ts';
import { hold } from './violation.ts';

interface Answer {
  readonly readyAt: number;
  readonly packet: Packet & { readonly packetId: number; readonly reasonCode: number };
}

export class BrokerIntake {
  readonly #connection: BrokerConnection;
  readonly #session: BrokerSession;
  /** Messages that this side has not answered for good: what its Receive Maximum counts. */
  readonly #open = new Set<number>();
  readonly #answers: Answer[] = [];

  constructor(connection: BrokerConnection, session: BrokerSession) {
    this.#connection = connection;
    this.#session = session;
  }

  takePublish(packet: PublishPacket, topic: string): void {
    const { upstream } = this.#connection.world;
    const { maximumQoS = 2, retainAvailable = true, receiveMaximum = 65_535 } = this.#connection.limits;
    const { qos, packetId: id } = packet;
    hold(qos <= maximumQoS, 'maximum-qos', () => `a message of QoS ${qos} came, ${maximumQoS} is allowed`);
    hold(retainAvailable || !packet.retain, 'retain', () => 'a message to be retained came, and none may');
    const message = upstream.identify(packet, topic);
    if (qos === 0 || id === undefined) {
      upstream.arrive(message, this.#session.generation);
      return;
    }
    hold(!this.#open.has(id), 'resend-live', () => `PUBLISH ${id} came twice on a connection`);
    this.#open.add(id);
    hold(this.#open.size <= receiveMaximum, 'receive-maximum', () => `${this.#open.size} are open at the broker`);
    if (qos === 1) this.#takeAtLeastOnce(message, id);
    else this.#takeOnce(packet, message, id);
  }

  #takeAtLeastOnce(message: Upstream, packetId: number): void {
    const reasonCode = this.#say(message);
    if (reasonCode < 0x80) this.#connection.world.upstream.arrive(message, this.#session.generation);
    this.#answer({ type: 'puback', packetId, reasonCode, ...this.#explanation(reasonCode) });
  }

  #takeOnce(packet: PublishPacket, message: Upstream, packetId: number): void {
    const { taken, generation } = this.#session;
    const known = taken.get(packetId);
    if (known !== undefined) {
      hold(
        known === message.number,
        'id-in-use',
        () => `message ${message.number} came as ${packetId}, which is ${known}`,
      );
      hold(packet.dup, 'dup', () => `message ${message.number} came again as ${packetId}, without DUP`);
      message.said.add(0);
      this.#answer({ type: 'pubrec', packetId, reasonCode: 0 });
      return;
    }
    const reasonCode = this.#say(message);
    if (reasonCode < 0x80) {
      this.#connection.world.upstream.arrive(message, generation);
      taken.set(packetId, message.number);
    }
    this.#answer({ type: 'pubrec', packetId, reasonCode, ...this.#explanation(reasonCode) });
  }

  takePubrel(packetId: number, reasonCode: number): void {
    const isKnown = this.#session.taken.delete(packetId);
    hold(isKnown || reasonCode === 0, 'pubrel', () => `PUBREL ${packetId} came with ${reasonCode}`);
    const isV5 = this.#connection.world.setup.version === '5.0';
    this.#answer({ type: 'pubcomp', packetId, reasonCode: isKnown || !isV5 ? 0 : 0x92 });
  }

  #say(message: Upstream): number {
    const reasonCode = this.#decide(message);
    message.said.add(reasonCode);
    return reasonCode;
  }

  #decide(message: Upstream): number {
    const { setup, random, isCalm } = this.#connection.world;
    if (setup.version === '3.1.1') return 0;
    if (isCalm() || !random.percent(setup.broker.refusesPercent)) return random.percent(20) ? 0x10 : 0;
    message.isRefused = true;
    return random.pick([0x80, 0x87, 0x97]);
  }

  #explanation(reasonCode: number): { readonly properties?: { readonly reasonString: string } } {
    const { setup, random } = this.#connection.world;
    if (reasonCode < 0x80 || !setup.client.wantsProblemInformation || !random.percent(30)) return {};
    return { properties: { reasonString: 'no' } };
  }

  // All answers leave in one order, which is the strictest that the standard has [MQTT-4.6.0-2, MQTT-4.6.0-3].
  #answer(packet: Answer['packet']): void {
    const { timeline, random, setup } = this.#connection.world;
    const { delayMs } = setup.broker;
    const isLate = delayMs > 0 && random.percent(60);
    this.#answers.push({ readyAt: timeline.now + (isLate ? random.below(delayMs + 1) : 0), packet });
    this.#flush();
  }

  #flush(): void {
    const { timeline } = this.#connection.world;
    for (let [first] = this.#answers; first !== undefined; [first] = this.#answers) {
      if (first.readyAt > timeline.now) {
        timeline.at(first.readyAt, () => this.#flush());
        return;
      }
      this.#answers.shift();
      this.#send(first);
    }
  }

  #send({ packet }: Answer): void {
    if (this.#connection.isEnded) return;
    const isFailure = packet.reasonCode >= 0x80;
    if (packet.type !== 'pubrec' || isFailure) this.#open.delete(packet.packetId);
    this.#connection.send(packet);
  }
}
