/** One connection to the server, with what belongs to its bytes; it ends within its time, whatever the other side does. */
import { type MqttError, type Packet, PacketEncoder, PacketStream, type ProtocolVersion } from '@omqtt/codec';
import type { Clock, Connection, TransportError } from '@omqtt/contracts';
import { ConnectionLostError } from '../session/index.ts';

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

export interface LineEvents {
  readonly bytes: (line: Line, chunk: Uint8Array) => void;
  readonly drained: (line: Line) => void;
  /** The last thing that happens; without an error when this side ended it in order. */
  readonly gone: (line: Line, error: MqttError | undefined) => void;
}

/** How long a peer may take to read the last packets. */
const GOODBYE_MS = 1000;
/** Written at once, so that a transport that stalls has not taken over more than this. */
const BURST_BYTES = 256 * 1024;

export class Line {
  readonly number: number;
  readonly #connection: Connection;
  readonly #stream: PacketStream;
  readonly #version: ProtocolVersion;
  readonly #clock: Clock;
  readonly #traffic: Traffic;
  readonly #events: LineEvents;
  /** What has to wait until the transport takes more. */
  #held: Packet[] = [];
  #isStalled = false;
  /** Set when this side has decided to end it. */
  #ending: { readonly error: MqttError | undefined } | undefined;
  #isGone = false;
  #stopTimer: (() => void) | undefined;

  constructor(parts: LineParts, events: LineEvents) {
    const { connection, version, maximumPacketBytes } = parts;
    this.number = parts.number;
    this.#connection = connection;
    this.#stream = new PacketStream({ version, role: 'client', maximumPacketBytes });
    this.#version = version;
    this.#clock = parts.clock;
    this.#traffic = parts.traffic;
    this.#events = events;
  }

  /** The transport takes no more at the moment. */
  get isStalled(): boolean {
    return this.#isStalled;
  }

  get isEnding(): boolean {
    return this.#ending !== undefined || this.#isGone;
  }

  start(): void {
    this.#connection.start({
      bytes: (chunk) => {
        this.#traffic.bytesReceived += chunk.length;
        if (!this.isEnding) this.#events.bytes(this, chunk);
      },
      drained: () => this.#drained(),
      closed: (error) => this.#closed(error),
    });
  }

  /** Throws a `MalformedPacketError` that has the sound packets before it. */
  read(chunk: Uint8Array): readonly Packet[] {
    return this.#stream.push(chunk);
  }

  /** Throws what cannot be encoded; the line is of no use then. */
  write(packets: readonly Packet[]): void {
    const encoder = encoderOf(this.#version);
    try {
      for (let index = 0; index < packets.length; index += 1) {
        if (this.#isStalled && this.#ending === undefined) {
          this.#held.push(...packets.slice(index));
          return;
        }
        encoder.append(packets[index] as Packet);
        if (encoder.length >= BURST_BYTES) this.#writeBytes(encoder.take());
      }
    } catch (error) {
      // The encoder goes on to serve others.
      encoder.take();
      throw error;
    }
    if (encoder.length > 0) this.#writeBytes(encoder.take());
  }

  /** Ends it in order, after what was written. */
  end(error: MqttError | undefined): void {
    if (this.isEnding) return;
    this.#ending = { error };
    // The transport takes over what it is given, however patient it asked to be.
    this.write(this.#held.splice(0));
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
    this.#closed();
  }

  async #finish(): Promise<void> {
    await this.#connection.close();
    this.#closed();
  }

  #drained(): void {
    this.#isStalled = false;
    if (this.#held.length > 0) this.write(this.#held.splice(0));
    if (!this.#isStalled) this.#events.drained(this);
  }

  #closed(error?: TransportError): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#stopTimer?.();
    this.#held = [];
    this.#events.gone(this, this.#ending === undefined ? new ConnectionLostError(error) : this.#ending.error);
  }
}

/** One for all connections, since packets are appended and taken in one go: its buffer is larger than an idle client. */
const encoders: Partial<Record<ProtocolVersion, PacketEncoder>> = {};

function encoderOf(version: ProtocolVersion): PacketEncoder {
  encoders[version] ??= new PacketEncoder({ version, role: 'client' });
  return encoders[version];
}
