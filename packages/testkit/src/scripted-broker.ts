/** A broker that does what the test says, line by line. */
import type { ConnackProperties, ConnectPacket, Packet, PacketType, ProtocolVersion } from '@omqtt/codec';
import type { Clock, Dial } from '@omqtt/contracts';
import { BrokerConversation } from './broker-conversation.ts';
import { differences } from './differences.ts';
import { ExamFailure, within } from './exam-case.ts';
import type { Expected } from './expected.ts';
import type { MemoryConnection } from './memory-connection.ts';
import type { MemoryLink } from './memory-link.ts';
import { memoryTransport, type MemoryTransport } from './memory-transport.ts';
import { afterPendingPromises } from './pending-promises.ts';
import { platformClock } from './platform-clock.ts';
import { readable } from './readable.ts';

export interface ScriptedBrokerOptions {
  /** Default: a new one over `clock`. */
  readonly transport?: MemoryTransport;
  /** Dates `received`. Default: the time of the platform. */
  readonly clock?: Clock;
  /** Default: `auto`, the version of each CONNECT. */
  readonly version?: ProtocolVersion | 'auto';
  /** How long, in real time, an expectation may wait before it fails with the dialogue so far. Default: 4000. */
  readonly limitMs?: number;
}

export interface ReceivedPacket {
  readonly packet: Packet;
  /** By the clock of the broker. */
  readonly at: number;
  /** Which connection it came on, counted from 1. */
  readonly connection: number;
}

export type PacketOf<Type extends PacketType> = Extract<Packet, { readonly type: Type }>;

export interface Acceptance {
  /** What the CONNECT has to say. */
  readonly connect?: Expected<ConnectPacket>;
  /** Default: false. */
  readonly sessionPresent?: boolean;
  readonly properties?: ConnackProperties;
}

export interface ScriptedBroker {
  /** For the client under test. */
  readonly dial: Dial;
  readonly transport: MemoryTransport;
  /** The network under the current connection. */
  readonly link: MemoryLink;
  /** Each packet that came, on all connections. */
  readonly received: readonly ReceivedPacket[];
  /** All that was said and done so far, one line each. */
  readonly dialogue: string;
  /** Waits for the next connection and makes it the current one. Nothing arrives on it before the caller has gone on. */
  accept(): Promise<MemoryLink>;
  /** Expects a CONNECT, on the next connection if none is open, and answers with a CONNACK of success. */
  acceptConnection(acceptance?: Acceptance): Promise<ConnectPacket>;
  /**
   * Waits for the next packet of the current connection, and fails unless it is of this type and has these members.
   * A CONNECT may also come on the next connection, when the current one has ended or has nothing more to say.
   */
  expect<Type extends PacketType>(type: Type, members?: Expected<PacketOf<NoInfer<Type>>>): Promise<PacketOf<Type>>;
  /** Lets everything settle, and fails when anything more has come or is on the way. */
  expectNothing(): Promise<void>;
  /** Waits until the connection has ended; a packet that comes before that is a failure. */
  expectClosed(): Promise<void>;
  send(...packets: readonly Packet[]): void;
  /** Whatever they say, well-formed or not. */
  sendBytes(bytes: Uint8Array | readonly number[]): void;
  /** Ends the current connection in order. */
  close(): Promise<void>;
  /** Loses the current connection. */
  cut(): void;
}

/** A broker that says only what the test tells it to, and knows all that it was told. */
export function scriptedBroker(options: ScriptedBrokerOptions = {}): ScriptedBroker {
  return new Script(options);
}

/** Turns of the event loop that a client may take to answer; anything that is not waiting for the outside is done. */
const SETTLING_TURNS = 8;

class Script implements ScriptedBroker {
  readonly transport: MemoryTransport;
  readonly #clock: Clock;
  readonly #version: ProtocolVersion | 'auto';
  readonly #limitMs: number;
  readonly #received: ReceivedPacket[] = [];
  readonly #lines: string[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly #offered: MemoryConnection[] = [];
  #isListening = false;
  #current: BrokerConversation | undefined;

  constructor({ transport, clock = platformClock, version = 'auto', limitMs = 4000 }: ScriptedBrokerOptions) {
    this.transport = transport ?? memoryTransport({ clock });
    this.#clock = clock;
    this.#version = version;
    this.#limitMs = limitMs;
  }

  // A property, because a dial is handed on without its broker.
  readonly dial: Dial = (target, signal) => this.transport.dial(target, signal);

  get link(): MemoryLink {
    return this.#conversation.link;
  }

  get received(): readonly ReceivedPacket[] {
    return this.#received;
  }

  get dialogue(): string {
    return this.#lines.join('\n');
  }

  async accept(): Promise<MemoryLink> {
    await this.#until(() => this.#offered.length > 0, 'a connection');
    const conversation = this.#acceptOffered();
    // A turn later, so that the caller can disturb the link before anything arrives.
    void afterPendingPromises().then(() => conversation.start());
    return conversation.link;
  }

  async acceptConnection({ connect, sessionPresent = false, properties }: Acceptance = {}): Promise<ConnectPacket> {
    const packet = await this.expect('connect', connect);
    this.send({ type: 'connack', sessionPresent, reasonCode: 0, ...(properties === undefined ? {} : { properties }) });
    return packet;
  }

  async expect<Type extends PacketType>(
    type: Type,
    members?: Expected<PacketOf<NoInfer<Type>>>,
  ): Promise<PacketOf<Type>> {
    const wanted = members === undefined ? type : `${type} ${readable(members)}`;
    const packet = await this.#nextPacket(type === 'connect', wanted);
    if (!isOfType(packet, type)) throw this.#failure(`Expected ${wanted}, but there came ${readable(packet)}`);
    const found = members === undefined ? [] : differences(packet, members, 'given');
    if (found.length > 0) throw this.#failure(`The ${type} is not as expected:\n  ${found.join('\n  ')}`);
    return packet;
  }

  async expectNothing(): Promise<void> {
    this.#listen();
    for (let turn = 0; turn < SETTLING_TURNS; turn += 1) await afterPendingPromises();
    if (this.#offered.length > 0) throw this.#failure('Expected nothing more, but there is a new connection');
    const { unread = [], unreadBytes = 0, problem } = this.#current ?? {};
    if (unread.length > 0) throw this.#failure(`Expected nothing more, but there came ${readable(unread)}`);
    if (problem !== undefined) throw this.#failure('Expected nothing more, but there came what is not MQTT', problem);
    if (unreadBytes > 0) throw this.#failure(`Expected nothing more, but ${unreadBytes} bytes are on their way`);
  }

  async expectClosed(): Promise<void> {
    const conversation = this.#conversation;
    await this.#until(() => conversation.end !== undefined || isSpeaking(conversation), 'the end of the connection');
    if (!isSpeaking(conversation)) return;
    const { unread, problem } = conversation;
    throw this.#failure(`Expected the end of the connection, but there came ${readable(unread)}`, problem);
  }

  send(...packets: readonly Packet[]): void {
    for (const packet of packets) this.#conversation.send(packet);
  }

  sendBytes(bytes: Uint8Array | readonly number[]): void {
    this.#conversation.sendBytes(Uint8Array.from(bytes));
  }

  close(): Promise<void> {
    return this.#conversation.close();
  }

  cut(): void {
    this.#lines.push('the test cuts the connection');
    this.link.cut();
  }

  get #conversation(): BrokerConversation {
    if (this.#current === undefined) throw this.#failure('No connection was accepted yet');
    return this.#current;
  }

  async #nextPacket(mayBeNew: boolean, wanted: string): Promise<Packet> {
    this.#listen();
    const isReady = (): boolean => {
      const current = this.#current;
      if (current !== undefined && isSpeaking(current)) return true;
      if (mayBeNew) return this.#offered.length > 0;
      return current === undefined || current.end !== undefined;
    };
    for (;;) {
      await this.#until(isReady, wanted);
      const packet = this.#current?.next();
      if (packet !== undefined) return packet;
      const { problem, end } = this.#current ?? {};
      if (problem !== undefined) throw this.#failure(`Expected ${wanted}, but there came what is not MQTT`, problem);
      if (!mayBeNew) throw this.#failure(`Expected ${wanted}, but ${whyNothing(end)}`);
      this.#acceptOffered().start();
    }
  }

  /** Connections are taken from the transport in the background, so that waiting for one can be given up. */
  #listen(): void {
    if (this.#isListening) return;
    this.#isListening = true;
    void this.#takeConnections();
  }

  async #takeConnections(): Promise<never> {
    for (;;) {
      const connection = await this.transport.accept();
      this.#offered.push(connection);
      this.#lines.push(`connection ${connection.link.number} is there`);
      this.#changed();
    }
  }

  #acceptOffered(): BrokerConversation {
    const connection = this.#offered.shift();
    // Both callers have waited for it.
    if (connection === undefined) throw new Error('There is no connection to accept');
    const conversation = new BrokerConversation({
      connection,
      version: this.#version,
      tell: (line) => this.#lines.push(line),
      changed: () => this.#changed(),
      onPacket: (packet) => {
        this.#received.push({ packet, at: this.#clock.now(), connection: connection.link.number });
      },
    });
    this.#current = conversation;
    return conversation;
  }

  async #until(isReady: () => boolean, what: string): Promise<void> {
    this.#listen();
    const reached = (async (): Promise<void> => {
      while (!isReady()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    })();
    await within(reached, this.#limitMs, () => `${what}.${this.#soFar()}`);
  }

  #changed(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #failure(what: string, cause?: Error): ExamFailure {
    const reason = cause === undefined ? '' : ` (${readable(cause)})`;
    return new ExamFailure(`${what}${reason}.${this.#soFar()}`, { cause });
  }

  #soFar(): string {
    if (this.#lines.length === 0) return '\nNobody has connected.';
    return `\nThe dialogue so far:\n  ${this.#lines.join('\n  ')}`;
  }
}

function isSpeaking({ unread, problem }: BrokerConversation): boolean {
  return unread.length > 0 || problem !== undefined;
}

function whyNothing(end: string | undefined): string {
  return end === undefined ? 'no connection was accepted yet' : `the connection ended: ${end}`;
}

function isOfType<Type extends PacketType>(packet: Packet, type: Type): packet is PacketOf<Type> {
  return packet.type === type;
}
