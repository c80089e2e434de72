/** One connection of one client: bytes in, packets in their order to those who handle them, packets out. */
import {
  MalformedPacketError,
  mayCarry,
  PacketStream,
  PacketTooLargeError,
  type ConnectPacket,
  type DisconnectProperties,
  type Packet,
  type ProtocolVersion,
  type PublishPacket,
  type Will,
} from '@omqtt/codec';
import type { Connection, ConnectionSink } from '@omqtt/contracts';
import { isLastAcknowledgement } from './acknowledgements.ts';
import { handlePacket } from './dispatch.ts';
import type { Engine } from './engine.ts';
import { connectionEnded } from './connection-end.ts';
import type { Exchange } from './authentication-flow.ts';
import { KeepAlive } from './keep-alive.ts';
import { Output } from './output.ts';
import { Relief } from './relief.ts';
import type { Session } from './session.ts';
import { InboundAliases, type OutboundAliases } from './topic-aliases.ts';
import { withoutProblemInformation } from './problem-information.ts';
import { refusalOfConnect } from './unreadable-connect.ts';

export type Phase = 'new' | 'authenticating' | 'connected' | 'ended';

export class ClientConnection implements ConnectionSink {
  readonly transport: Connection;
  readonly output: Output;
  readonly relief: Relief;
  readonly keepAlive: KeepAlive;
  readonly connectedAt: number;
  phase: Phase = 'new';
  version: ProtocolVersion = '3.1.1';
  clientId = '';
  username: string | undefined;
  /** Its CONNECT, until it is accepted. */
  request: ConnectPacket | undefined;
  exchange: Exchange | undefined;
  session: Session | undefined;
  /** What is published when the connection is lost. */
  will: Will | undefined;
  inboundAliases: InboundAliases = new InboundAliases(0);
  outboundAliases: OutboundAliases | undefined;
  /** Inbound QoS 1 and 2 messages whose last acknowledgement has not been sent. */
  readonly unacknowledged: Set<number> = new Set<number>();
  /** What was announced to this client. */
  receiveMaximum = 65_535;
  maximumPacketBytes: number = Infinity;
  wantsProblemInformation = true;
  /** The session expiry of its CONNECT. */
  requestedExpirySeconds = 0;
  readonly #engine: Engine;
  readonly #stream: PacketStream;
  #inbox: readonly Packet[] = [];
  #next = 0;
  #isRunning = false;
  /** How many things packets have to wait for. */
  #holds = 0;
  #malformed: MalformedPacketError | undefined;
  #cancelTimeout: (() => void) | undefined;
  #isGone = false;

  constructor(engine: Engine, transport: Connection) {
    const { clock, limits } = engine;
    this.#engine = engine;
    this.transport = transport;
    this.connectedAt = clock.now();
    this.output = new Output(engine, transport);
    this.relief = new Relief(engine);
    this.keepAlive = new KeepAlive(clock, () => engine.isPaused || this.#holds > 0);
    this.#stream = new PacketStream({
      version: 'auto',
      role: 'server',
      maximumPacketBytes: limits.maximumPacketBytes,
    });
  }

  get isOpen(): boolean {
    return this.phase !== 'ended';
  }

  /** Messages may be sent as bytes that others get, too. */
  get takesFrames(): boolean {
    return this.outboundAliases === undefined && this.#engine.faults.areNone;
  }

  start(): void {
    const { clock, limits } = this.#engine;
    const due = clock.now() + limits.connectTimeoutSeconds * 1000;
    this.#cancelTimeout = clock.wakeAt(due, () => this.destroy());
    if (this.#engine.isPaused) this.transport.pause();
    this.transport.start(this);
  }

  /** It was accepted. */
  settle(): void {
    this.#cancelTimeout?.();
    this.#cancelTimeout = undefined;
    this.phase = 'connected';
    this.request = undefined;
  }

  bytes(chunk: Uint8Array): void {
    if (this.phase === 'ended') return;
    this.#engine.counters.bytesReceived += chunk.length;
    this.keepAlive.heard();
    const packets = this.#read(chunk);
    const waiting = this.#inbox.slice(this.#next);
    this.#inbox = waiting.length === 0 ? packets : [...waiting, ...packets];
    this.#next = 0;
    this.#run();
  }

  drained(): void {
    this.output.drained();
    this.session?.outbound.pump();
  }

  closed(): void {
    this.#end();
    this.#isGone = true;
    this.#engine.connections.delete(this);
  }

  /** Packets wait until the promise is settled; it must not reject. */
  holdFor(promise: Promise<void>): void {
    this.#holds += 1;
    if (this.isOpen) this.transport.pause();
    void promise.then(() => this.#release());
  }

  /** For a broker that is paused as a whole. */
  resumeReading(): void {
    this.keepAlive.heard();
    if (this.#holds === 0 && this.isOpen) this.transport.resume();
    this.output.flush();
  }

  send(packet: Packet): void {
    if (!this.isOpen) return;
    const shown = this.wantsProblemInformation ? packet : withoutProblemInformation(packet);
    const { faults } = this.#engine;
    if (!faults.areNone && faults.holdsBack(shown, this.clientId, () => this.#sendNow(shown))) return;
    this.#sendNow(shown);
  }

  /** Throws a `PacketTooLargeError` when the client does not take so much. */
  sendPublish(packet: PublishPacket): void {
    const { faults, counters } = this.#engine;
    const write = (ready: PublishPacket): void => {
      this.output.packet(ready);
      counters.publishSent += 1;
    };
    if (!faults.areNone && faults.holdsBack(packet, this.clientId, () => this.isOpen && write(packet))) return;
    if (this.outboundAliases) this.outboundAliases.apply(packet, write);
    else write(packet);
  }

  sendFrame(frame: Uint8Array): void {
    const { counters } = this.#engine;
    if (frame.length > this.maximumPacketBytes) {
      counters.publishDropped += 1;
      return;
    }
    counters.publishSent += 1;
    this.output.frame(frame);
  }

  /** The client broke a rule, or the broker does not go on: it is told, where the version can [MQTT-4.13.1-1]. */
  end(reasonCode: number, properties: DisconnectProperties = {}): void {
    if (!this.isOpen) return;
    const isTold = this.phase === 'connected' && this.version === '5.0';
    if (isTold) this.#sayGoodbye(mayCarry('disconnect', reasonCode, 'server') ? reasonCode : 0x82, properties);
    this.close();
  }

  endForError(reasonCode: number, reasonString: string): void {
    this.#engine.counters.protocolErrors += 1;
    this.#engine.options.logger?.warn('A client was disconnected', {
      clientId: this.clientId,
      reasonCode,
      reasonString,
    });
    this.end(reasonCode, { reasonString });
  }

  /** Ends in order, after what was sent. */
  close(): void {
    if (!this.isOpen) return;
    this.output.writeAll();
    this.#end();
    void this.transport.close();
  }

  /** Ends at once, as a lost network would. */
  destroy(): void {
    if (this.#isGone) return;
    this.#end();
    this.transport.destroy();
  }

  // What a program gave as a reason may be what no packet can carry.
  #sayGoodbye(reasonCode: number, properties: DisconnectProperties): void {
    try {
      this.send({ type: 'disconnect', reasonCode, properties });
    } catch (error) {
      this.#engine.options.onError(error);
    }
  }

  #release(): void {
    this.#holds -= 1;
    if (!this.isOpen) return;
    // The client could not be heard meanwhile.
    this.keepAlive.heard();
    this.#run();
    if (this.#holds === 0 && !this.#engine.isPaused && this.isOpen) this.transport.resume();
  }

  #end(): void {
    if (this.phase === 'ended') return;
    this.phase = 'ended';
    this.#inbox = [];
    this.#next = 0;
    this.#cancelTimeout?.();
    this.keepAlive.stop();
    this.output.clear();
    connectionEnded(this.#engine, this);
    this.relief.relieve();
  }

  #read(chunk: Uint8Array): readonly Packet[] {
    try {
      return this.#stream.push(chunk);
    } catch (error) {
      if (!(error instanceof MalformedPacketError)) throw error;
      this.#malformed ??= error;
      return error.packets;
    }
  }

  #run(): void {
    if (this.#isRunning || this.#holds > 0) return;
    this.#isRunning = true;
    while (this.#holds === 0 && this.isOpen && this.#next < this.#inbox.length) {
      const packet = this.#inbox[this.#next] as Packet;
      this.#next += 1;
      this.#handle(packet);
    }
    this.#isRunning = false;
    if (this.#holds > 0 || !this.isOpen) return;
    this.#inbox = [];
    this.#next = 0;
    if (this.#malformed) this.#refuseMalformed(this.#malformed);
  }

  // A fault in here must not reach the callback of the socket, and so everyone else.
  #handle(packet: Packet): void {
    this.#engine.counters.packetsReceived += 1;
    try {
      const waiting = handlePacket(this.#engine, this, packet);
      if (waiting) this.holdFor(waiting.catch((error: unknown) => this.#fail(error)));
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#engine.options.onError(error);
    this.endForError(0x80, 'The broker failed to handle the packet');
  }

  #refuseMalformed(error: MalformedPacketError): void {
    if (this.phase !== 'new') {
      this.endForError(error.reasonCode, error.message);
      return;
    }
    this.#engine.counters.protocolErrors += 1;
    const refusal = refusalOfConnect(error, this.#stream.version);
    if (refusal) this.transport.write(refusal);
    this.close();
  }

  #sendNow(packet: Packet): void {
    if (!this.isOpen) return;
    if (isLastAcknowledgement(packet)) this.unacknowledged.delete(packet.packetId);
    try {
      this.output.packet(packet);
    } catch (error) {
      if (!(error instanceof PacketTooLargeError)) throw error;
      // A client that has no room for the answers it asks for cannot be served.
      this.close();
    }
  }
}
