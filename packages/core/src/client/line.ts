/** One connection to the server, with what belongs to its bytes; it ends within its time, whatever the other side does. */
import { encode, type MqttError, type Packet, PacketEncoder, PacketStream, type ProtocolVersion } from '@omqtt/codec';
import type { Clock, Connection, ConnectionSink, TransportError } from '@omqtt/contracts';
import { ConnectionLostError, type Session } from '../session/index.ts';
import { EMPTY_LIST } from '../session/on-demand-list.ts';

export interface LineParts {
  readonly connection: Connection;
  readonly version: ProtocolVersion;
  readonly maximumPacketBytes: number;
  readonly clock: Clock;
  /** Counts the connections of the client. */
  readonly number: number;
  readonly traffic: Traffic;
}

/** Added up over all connections. */
export interface Traffic {
  bytesReceived: number;
  bytesSent: number;
}

/** Who is told what happens on a line. */
export interface LineOwner {
  lineReceived(line: Line, chunk: Uint8Array): void;
  lineDrained(line: Line): void;
  /** The last thing that happens; without an error when this side ended it in order. */
  lineGone(line: Line, error: MqttError | undefined): void;
}

/** How long a peer may take to read the last packets. */
const GOODBYE_MS = 1000;
/** A transport that stalls has not taken over much more than this at once. */
const BURST_BYTES = 256 * 1024;
/** Written in one piece: the encoder's buffer for as much is made once, and does not grow on the way. */
const PIECE_BYTES = 64 * 1024;
/** A payload worth memory of its own: in the shared buffer it would cost the growth of that and another copy of what is there. */
const LARGE_BYTES = 16 * 1024;
const AS_CLIENT = { role: 'client' } as const;

/** It is the sink of its connection, so that an idle one needs no functions of its own. */
export class Line implements ConnectionSink {
  readonly number: number;
  readonly #connection: Connection;
  readonly #stream: PacketStream;
  readonly #version: ProtocolVersion;
  readonly #clock: Clock;
  readonly #traffic: Traffic;
  readonly #owner: LineOwner;
  /** What has to wait until the transport takes more. */
  #held: Packet[] = EMPTY_LIST;
  #isStalled = false;
  #isPaused = false;
  /** Set when this side has decided to end it. */
  #ending: { readonly error: MqttError | undefined } | undefined;
  #isGone = false;
  #stopTimer: (() => void) | undefined;

  constructor(parts: LineParts, owner: LineOwner) {
    const { connection, version, maximumPacketBytes } = parts;
    this.number = parts.number;
    this.#connection = connection;
    this.#stream = new PacketStream({ version, role: 'client', maximumPacketBytes });
    this.#version = version;
    this.#clock = parts.clock;
    this.#traffic = parts.traffic;
    this.#owner = owner;
  }

  /** The transport takes no more at the moment. */
  get isStalled(): boolean {
    return this.#isStalled;
  }

  get isEnding(): boolean {
    return this.#ending !== undefined || this.#isGone;
  }

  start(): void {
    this.#connection.start(this);
  }

  /** For the connection: something has arrived. */
  bytes(chunk: Uint8Array): void {
    this.#traffic.bytesReceived += chunk.length;
    if (!this.isEnding) this.#owner.lineReceived(this, chunk);
  }

  /** For the connection: it takes more again. */
  drained(): void {
    this.#isStalled = false;
    this.#writeHeld();
    if (!this.#isStalled) this.#owner.lineDrained(this);
  }

  /** For the connection, which is gone. */
  closed(error?: TransportError): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#stopTimer?.();
    this.#held = EMPTY_LIST;
    this.#owner.lineGone(this, this.#ending === undefined ? new ConnectionLostError(error) : this.#ending.error);
  }

  /** While the session has enough, what arrives waits at the transport, and in the end at the server. */
  readOnOrRest(session: Session, now: number): void {
    const { hasEnough } = session;
    if (hasEnough === this.#isPaused || this.isEnding) return;
    this.#isPaused = hasEnough;
    session.pauseReading(hasEnough, now);
    if (hasEnough) this.#connection.pause();
    else this.#connection.resume();
  }

  /** Throws a `MalformedPacketError` that has the sound packets before it. */
  read(chunk: Uint8Array): readonly Packet[] {
    return this.#stream.push(chunk);
  }

  /** Throws what cannot be encoded; the line is of no use then. */
  write(packets: readonly Packet[]): void {
    const encoder = encoderOf(this.#version);
    const enough = this.#isStalled ? 0 : this.#traffic.bytesSent + BURST_BYTES;
    try {
      for (let index = 0; index < packets.length; index += 1) {
        if (this.#isStalled && this.#traffic.bytesSent >= enough && this.#ending === undefined) {
          this.#hold(packets.slice(index));
          return;
        }
        this.#append(encoder, packets[index] as Packet);
      }
    } catch (error) {
      // The encoder goes on to serve others.
      encoder.take();
      throw error;
    }
    if (encoder.length > 0) this.#writeBytes(encoder.take());
  }

  #append(encoder: PacketEncoder, packet: Packet): void {
    if (packet.type === 'publish' && packet.payload.length >= LARGE_BYTES) {
      if (encoder.length > 0) this.#writeBytes(encoder.take());
      this.#writeBytes(encode(packet, this.#version, AS_CLIENT));
      return;
    }
    encoder.append(packet);
    if (encoder.length >= PIECE_BYTES) this.#writeBytes(encoder.take());
  }

  /** Ends it in order, after what was written. */
  end(error: MqttError | undefined): void {
    if (this.isEnding) return;
    this.#ending = { error };
    // The transport takes over what it is given, however patient it asked to be.
    this.#writeHeld();
    this.#stopTimer = this.#clock.wakeAt(this.#clock.now() + GOODBYE_MS, () => this.#destroy());
    void this.#finish();
  }

  /** Ends it at once, without a word. */
  drop(error: MqttError): void {
    this.#ending ??= { error };
    this.#destroy();
  }

  #writeBytes(bytes: Uint8Array): void {
    this.#traffic.bytesSent += bytes.length;
    if (!this.#connection.write(bytes)) this.#isStalled = true;
  }

  #destroy(): void {
    this.#connection.destroy();
    this.closed();
  }

  async #finish(): Promise<void> {
    await this.#connection.close();
    this.closed();
  }

  #hold(packets: Packet[]): void {
    if (this.#held.length === 0) this.#held = packets;
    else this.#held.push(...packets);
  }

  #writeHeld(): void {
    const packets = this.#held;
    this.#held = EMPTY_LIST;
    if (packets.length > 0) this.write(packets);
  }
}

/** One for all connections, since packets are appended and taken in one go: its buffer is larger than an idle client. */
const encoders: Partial<Record<ProtocolVersion, PacketEncoder>> = {};

function encoderOf(version: ProtocolVersion): PacketEncoder {
  encoders[version] ??= new PacketEncoder({ version, ...AS_CLIENT });
  return encoders[version];
}
