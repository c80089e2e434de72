/** The messages that the client publishes: what was promised for each, and what the broker saw of it. */
import { encode, type ConnackProperties, type PublishPacket, type PublishProperties } from '@omqtt/codec';
import type { PublishCommand, ServerLimitError, Settlement } from '@omqtt/core/session';
import { makePayload, numberOfPayload } from './payload.ts';
import type { Act, Setup } from './plan.ts';
import { hold } from './violation.ts';

/** A message on its way to the broker. */
export interface Upstream {
  readonly number: number;
  readonly command: PublishCommand;
  /** By the clock of the client, since the session has it. */
  expiresAt: number;
  /** The session of the broker that was there when it was published. */
  readonly publishedIn: number;
  /** The one that was there when it was sent for the first time. */
  sentIn: number | undefined;
  /** The session of the broker in which it arrived last. */
  arrivedIn: number;
  arrivals: number;
  /** What the broker has said of it in PUBACK or PUBREC, whether that arrived or not. */
  readonly said: Set<number>;
  /** The broker has decided against it, at least once. */
  isRefused: boolean;
  isCancelled: boolean;
  /** The client has heard of a limit that forbids it. */
  isBeyondLimits: boolean;
  isCommitted: boolean;
  outcome: string | undefined;
  /** Its process crashed before it was settled. */
  isVanished: boolean;
}

/** No matching subscribers: the one success that says more than success. */
const NOBODY = 0x10;

export interface UpstreamWorld {
  readonly setup: Setup;
  /** Tells apart the sessions that the broker has had, and those that the client knows to have ended. */
  readonly generation: () => number;
  /** The latest time that the clock of the client has shown. */
  readonly latestTime: () => number;
}

export class UpstreamMessages {
  readonly #world: UpstreamWorld;
  readonly #messages: Upstream[] = [];
  readonly #lastFirstArrivals = new Map<string, number>();

  constructor(world: UpstreamWorld) {
    this.#world = world;
  }

  get all(): readonly Upstream[] {
    return this.#messages;
  }

  make(act: Act & { act: 'publish' }, open: (judge: (end: Settlement) => void) => number): Upstream {
    const number = this.#messages.length + 1;
    const { topic, qos, retain, payloadBytes, expirySeconds, alias } = act;
    const properties: PublishProperties | undefined =
      expirySeconds === undefined ? undefined : { messageExpirySeconds: expirySeconds };
    const operation = open((settlement) => this.#judgeEnd(message, settlement));
    const payload = makePayload(number, payloadBytes);
    const command = {
      operation,
      topic,
      payload,
      qos,
      retain,
      alias: this.#world.setup.version === '5.0' ? alias : 'never',
      properties,
    } as const;
    const message: Upstream = {
      number,
      command,
      expiresAt: Infinity,
      publishedIn: this.#world.generation(),
      sentIn: undefined,
      arrivedIn: 0,
      arrivals: 0,
      said: new Set(),
      isRefused: false,
      isCancelled: false,
      isBeyondLimits: false,
      isCommitted: false,
      outcome: undefined,
      isVanished: false,
    };
    this.#messages.push(message);
    return message;
  }

  /** The session gets the message: from now on its time runs. */
  handOver(message: Upstream, now: number): void {
    const seconds = message.command.properties?.messageExpirySeconds;
    if (seconds !== undefined) message.expiresAt = now + seconds * 1000;
  }

  byNumber(number: number): Upstream | undefined {
    return this.#messages[number - 1];
  }

  /** The client has stored it. */
  noteCommitted(number: number, stage: string): void {
    const message = this.byNumber(number);
    if (message === undefined) return;
    message.isCommitted = true;
    if (stage !== 'waiting') this.noteSent(number);
  }

  noteSent(number: number): void {
    const message = this.byNumber(number);
    if (message !== undefined) message.sentIn ??= this.#world.generation();
  }

  /** The message that a packet carries, which must be as it was published. */
  identify(packet: PublishPacket, topic: string): Upstream {
    const number = numberOfPayload(packet.payload);
    const message = this.#messages[number - 1];
    hold(message !== undefined, 'content', () => `the broker got ${packet.payload.length} bytes that nobody published`);
    const { command } = message;
    const isSame = command.topic === topic && command.qos === packet.qos && command.retain === packet.retain;
    hold(isSame, 'content', () => `message ${number} arrived as ${topic}, QoS ${packet.qos}, retain ${packet.retain}`);
    hold(
      command.payload.length === packet.payload.length,
      'content',
      () => `message ${number} arrived with other bytes`,
    );
    const asked = command.properties?.messageExpirySeconds;
    const left = packet.properties?.messageExpirySeconds;
    const isSound = asked === undefined ? left === undefined : left !== undefined && left >= 1;
    hold(isSound, 'expiry', () => `message ${number} was published to expire in ${asked} s, and says ${left} s`);
    return message;
  }

  /** The broker has taken the message over. */
  arrive(message: Upstream, generation: number): void {
    const { number, command, arrivals } = message;
    const { topic, qos } = command;
    // One that was refused before comes again out of its turn.
    if (arrivals === 0 && !message.isRefused) this.#holdOrder(message);
    hold(qos !== 0 || arrivals === 0, 'qos0-at-most-once', () => `message ${number} arrives again`);
    if (qos === 2 && arrivals > 0) {
      const isAllowed = message.arrivedIn !== generation && this.#world.setup.session.whenLost.qos2 === 'republish';
      hold(isAllowed, 'qos2-exactly-once', () => `message ${number} to ${topic} arrives again`);
      hold(message.outcome !== 'success', 'qos2-exactly-once', () => `message ${number} arrives again after success`);
    }
    message.arrivals += 1;
    message.arrivedIn = generation;
  }

  #holdOrder({ number, command: { topic, qos } }: Upstream): void {
    const key = `${qos}${topic}`;
    const last = this.#lastFirstArrivals.get(key) ?? 0;
    hold(number > last, 'order-up', () => `message ${number} arrives after message ${last} on ${topic}, QoS ${qos}`);
    this.#lastFirstArrivals.set(key, number);
  }

  /** The client has heard of these limits: what it has open, and what does not fit, will be refused. */
  noteLimits(limits: ConnackProperties): void {
    for (const message of this.#messages) {
      if (message.outcome === undefined && !fits(message, limits)) message.isBeyondLimits = true;
    }
  }

  vanish(): void {
    for (const message of this.#messages) message.isVanished ||= message.outcome === undefined;
  }

  #judgeEnd(message: Upstream, { error, packet }: Settlement): void {
    const { number, command } = message;
    message.outcome = error?.code ?? 'success';
    if (error === undefined) {
      hold(command.qos === 0 || packet !== undefined, 'success', () => `message ${number} succeeds without an answer`);
      hold(command.qos === 0 || message.arrivals > 0, 'success', () => `message ${number} succeeds, and never arrived`);
      const told = packet !== undefined && 'reasonCode' in packet && packet.reasonCode === NOBODY ? NOBODY : 0;
      hold(command.qos === 0 || message.said.has(told), 'receipt', () => `message ${number} is told ${told}`);
      return;
    }
    hold(this.#isJustified(message, error), 'error-justified', () => `message ${number}: ${error.message}`);
  }

  #isJustified(message: Upstream, error: Error & { readonly code: string }): boolean {
    const { whenFull, qos0 } = this.#world.setup.session.queue;
    switch (error.code) {
      case 'publish-refused':
        return message.isRefused;
      case 'message-kept':
        return message.command.qos > 0 && this.#world.setup.session.persists;
      case 'message-expired':
        return message.expiresAt <= this.#world.latestTime();
      case 'session-lost':
        // It may have been lost on the way out, before anybody else saw it.
        return (message.sentIn ?? message.publishedIn) !== this.#world.generation();
      case 'queue-full':
        return whenFull === 'reject';
      case 'message-dropped':
        return (
          whenFull.startsWith('drop') ||
          whenFull === 'latest-per-topic' ||
          (message.command.qos === 0 && qos0 === 'drop')
        );
      case 'server-limit':
        return isBeyond(message, error as ServerLimitError, this.#world.setup.version);
      default:
        return error.code === 'cancelled' || error.code === 'closed';
    }
  }

  /** Messages that were promised, and never came: what only a crash can leave behind unsaid. */
  findLost(): Upstream | undefined {
    return this.#messages.find((message) => {
      if (!message.isVanished || !message.isCommitted || message.arrivals > 0) return false;
      return !this.#mayBeLost(message);
    });
  }

  #mayBeLost(message: Upstream): boolean {
    if (message.isRefused || message.isCancelled || message.isBeyondLimits) return true;
    if (message.expiresAt <= this.#world.latestTime()) return true;
    if (this.#wasSentInAnother(message)) return true;
    const { whenFull } = this.#world.setup.session.queue;
    return whenFull !== 'wait' && whenFull !== 'reject';
  }

  #wasSentInAnother({ sentIn }: Upstream): boolean {
    return sentIn !== undefined && sentIn !== this.#world.generation();
  }
}

function isBeyond(
  { command }: Upstream,
  { limit, asked, allowed }: ServerLimitError,
  version: '5.0' | '3.1.1',
): boolean {
  if (asked <= allowed) return false;
  if (limit === 'packet-size') return sizeOf(command, version) > allowed;
  if (limit === 'qos') return command.qos === asked;
  if (limit === 'retain') return command.retain;
  return limit === 'topic-alias' && command.alias === 'always';
}

function fits({ command }: Upstream, limits: ConnackProperties): boolean {
  const { maximumQoS = 2, retainAvailable = true, maximumPacketBytes = Infinity, topicAliasMaximum = 0 } = limits;
  if (command.qos > maximumQoS || (command.retain && !retainAvailable)) return false;
  if (command.alias === 'always' && topicAliasMaximum === 0) return false;
  return maximumPacketBytes === Infinity || sizeOf(command, '5.0') <= maximumPacketBytes;
}

// As it leaves at worst: with the alias that comes with its topic the first time.
function sizeOf({ topic, payload, qos, retain, properties, alias }: PublishCommand, version: '5.0' | '3.1.1'): number {
  const all = alias === 'always' ? { ...properties, topicAlias: 1 } : properties;
  const head = { type: 'publish', topic, payload, qos, retain, dup: false } as const;
  const withId = qos === 0 ? head : { ...head, packetId: 1 };
  return encode(all === undefined ? withId : { ...withId, properties: all }, version).length;
}
