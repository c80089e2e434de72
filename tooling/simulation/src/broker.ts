/**
 * A broker that keeps to the standard, and to nothing else: one client, its session, and a mind of its own about limits,
 * delays and refusals. Only the codec is shared with what is tested.
 */
import type { ConnackPacket, ConnectPacket } from '@omqtt/codec';
import { BrokerConnection } from './broker-connection.ts';
import { matches, newSession, type BrokerSession } from './broker-session.ts';
import type { Coverage } from './coverage.ts';
import type { DownstreamMessages } from './downstream.ts';
import type { Link, LinkSink } from './network.ts';
import type { Act, Limits, Setup } from './plan.ts';
import type { Random } from './random.ts';
import type { Timeline } from './timeline.ts';
import type { UpstreamMessages } from './upstream.ts';
import { hold } from './violation.ts';

export interface BrokerWorld {
  readonly setup: Setup;
  readonly timeline: Timeline;
  readonly random: Random;
  readonly coverage: Coverage;
  readonly upstream: UpstreamMessages;
  readonly downstream: DownstreamMessages;
  readonly isCalm: () => boolean;
}

export class Broker {
  readonly #world: BrokerWorld;
  #connection: BrokerConnection | undefined;
  #session: BrokerSession | undefined;
  #limits: Limits;
  #turnAway: { reasonCode: number; times: number } | undefined;
  #epoch = 1;
  /** Both sides know that the last session has ended. */
  #isClientSure = false;

  constructor(world: BrokerWorld) {
    this.#world = world;
    this.#limits = world.setup.broker.limits;
  }

  get session(): BrokerSession | undefined {
    return this.#session;
  }

  /** Another number for each session, and for the time without one. */
  get generation(): number {
    return this.#session?.generation ?? this.#epoch;
  }

  set limits(limits: Limits) {
    this.#limits = limits;
  }

  turnAway(reasonCode: number, times: number): void {
    this.#turnAway = { reasonCode, times };
  }

  accept(link: Link): LinkSink {
    const connection = new BrokerConnection(this.#world, link, {
      onConnect: (subject, packet) => this.#answerConnect(subject, packet),
      onEnd: (subject) => this.#end(subject),
    });
    return { bytes: (chunk) => connection.bytes(chunk), closed: () => connection.ended() };
  }

  #answerConnect(connection: BrokerConnection, packet: ConnectPacket): void {
    const { setup, coverage } = this.#world;
    this.#judgeConnect(packet);
    if (this.#turnAway !== undefined && this.#turnAway.times > 0 && !this.#world.isCalm()) {
      this.#turnAway.times -= 1;
      connection.send({ type: 'connack', sessionPresent: false, reasonCode: this.#turnAway.reasonCode });
      connection.close(0);
      return;
    }
    // [MQTT-3.1.4-3] The same client id: the old connection gives way.
    this.#connection?.close(0x8e);
    this.#expire();
    // Without an id the client is a new one.
    if (packet.cleanStart || packet.clientId === '') this.#lose();
    // Of a session that the client never heard of it cannot know that it is not the one before: a hole in the standard
    // that breaks QoS 2, unless the client knows that the one before has ended.
    if (this.#session?.isKnown === false && !this.#isClientSure) this.#lose();
    const sessionPresent = this.#session !== undefined;
    coverage.count(sessionPresent ? 'session: resumed' : 'session: new');
    const offered = setup.version === '5.0' ? this.#limits : {};
    this.#session ??= this.#newSession(offered);
    const session = this.#session;
    session.expiresAt = Infinity;
    const limits = setup.broker.limitsBindSessions ? bindMessages(offered, session.limits) : offered;
    session.expirySeconds = expiryOf(packet, limits);
    this.#connection = connection;
    connection.open(session, limits, this.#connack(packet, sessionPresent, limits));
  }

  #judgeConnect({ clientId, version, cleanStart }: ConnectPacket): void {
    const { setup } = this.#world;
    hold(version === setup.version, 'connect', () => `version ${version} was not asked for`);
    const expected = setup.clientId === '' && this.#assignedBefore ? ASSIGNED : setup.clientId;
    // Until the client has heard of its new id it asks with none.
    hold(clientId === expected || clientId === setup.clientId, 'connect', () => `client id ${clientId} came`);
    hold(version === '5.0' || clientId !== '' || cleanStart, 'connect', () => 'no id, and no clean session');
  }

  get #assignedBefore(): boolean {
    return this.#epoch > 1;
  }

  #connack({ clientId }: ConnectPacket, sessionPresent: boolean, limits: Limits): ConnackPacket {
    const properties = { ...limits, ...(clientId === '' && { assignedClientId: ASSIGNED }) };
    const connack: ConnackPacket = { type: 'connack', sessionPresent, reasonCode: 0 };
    return this.#world.setup.version === '5.0' ? { ...connack, properties } : connack;
  }

  #newSession(limits: Limits): BrokerSession {
    this.#epoch += 1;
    return newSession(this.#epoch, limits);
  }

  /** The client knows of this session now. */
  noteKnown(generation: number): void {
    if (this.#session?.generation === generation) this.#session.isKnown = true;
    this.#isClientSure = false;
  }

  #end(connection: BrokerConnection): void {
    const { session } = connection;
    if (connection !== this.#connection || session === undefined) return;
    this.#connection = undefined;
    if (session.expirySeconds === 0) {
      this.#isClientSure = this.#world.setup.version === '3.1.1' && session.isKnown;
      this.#lose();
    } else if (session.expirySeconds < 0xffff_ffff) {
      session.expiresAt = this.#world.timeline.now + session.expirySeconds * 1000;
    }
  }

  #expire(): void {
    if (this.#session !== undefined && this.#session.expiresAt <= this.#world.timeline.now) this.#lose();
  }

  #lose(): void {
    if (this.#session === undefined) return;
    this.#world.coverage.count('session: lost');
    this.#session = undefined;
    this.#epoch += 1;
  }

  /** A restart without a memory. */
  forgetSession(): void {
    this.#lose();
    const connection = this.#connection;
    this.#connection = undefined;
    connection?.link.break();
    connection?.ended();
  }

  get isQuiet(): boolean {
    const { taken, queue, flights } = this.#session ?? EMPTY_SESSION;
    return taken.size + queue.length + flights.size === 0;
  }

  /** Nothing may be left undone when all is quiet. */
  holdQuiet(): void {
    const { taken, queue, flights } = this.#session ?? EMPTY_SESSION;
    const open = (): string => JSON.stringify({ taken: [...taken], flights: [...flights.keys()], queue: queue.length });
    hold(this.isQuiet, 'quiet', () => `there is something left at the broker: ${open()}`);
  }

  dismiss(reasonCode: number): void {
    this.#connection?.close(reasonCode);
  }

  /** Somebody publishes what the client may have subscribed to. */
  serve(act: Act & { act: 'serve' }): void {
    this.#expire();
    const session = this.#session;
    if (session === undefined) return;
    for (let count = 0; count < act.count; count += 1) this.#serveOne(session, act);
    this.#connection?.delivery?.flush();
  }

  #serveOne(session: BrokerSession, act: Act & { act: 'serve' }): void {
    const matching = [...session.subscriptions].filter(([filter]) => matches(filter, act.topic));
    if (matching.length === 0) return;
    const granted = Math.max(...matching.map(([, { qos }]) => qos));
    const qos = Math.min(granted, act.qos) as 0 | 1 | 2;
    // Messages of QoS 0 are not kept for later.
    if (qos === 0 && this.#connection === undefined) return;
    const { generation } = session;
    const message = this.#world.downstream.make(act.topic, qos, { bytes: act.payloadBytes, generation });
    const { expirySeconds } = act;
    const identifiers = matching.flatMap(([, { identifier }]) => (identifier === undefined ? [] : [identifier]));
    const expiresAt = expirySeconds === undefined ? Infinity : this.#world.timeline.now + expirySeconds * 1000;
    session.queue.push({ message, expiresAt, expirySeconds, identifiers });
  }
}

const ASSIGNED = 'assigned';
const EMPTY_SESSION = newSession(0, {});

function expiryOf({ version, cleanStart, properties }: ConnectPacket, limits: Limits): number {
  if (version === '3.1.1') return cleanStart ? 0 : 0xffff_ffff;
  return limits.sessionExpirySeconds ?? properties?.sessionExpirySeconds ?? 0;
}

/** What decides whether a message may be sent at all stays as it was: a message on its way would be stuck otherwise. */
function bindMessages(offered: Limits, bound: Limits): Limits {
  const { maximumQoS: _qos, retainAvailable: _retain, maximumPacketBytes: _bytes, ...free } = offered;
  const { maximumQoS, retainAvailable, maximumPacketBytes } = bound;
  return {
    ...free,
    ...(maximumQoS !== undefined && { maximumQoS }),
    ...(retainAvailable !== undefined && { retainAvailable }),
    ...(maximumPacketBytes !== undefined && { maximumPacketBytes }),
  };
}
