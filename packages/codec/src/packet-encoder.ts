/** Gathers packets for one write. */
import { writePacket, type EncodeOptions } from './encode.ts';
import type { Packet, ProtocolVersion } from './packet.ts';
import { PacketWriter } from './packet-writer.ts';

export interface PacketEncoderOptions extends EncodeOptions {
  readonly version: ProtocolVersion;
}

/** A buffer up to this size is used for more than one write. */
const REUSED_BYTES = 65_536;

export class PacketEncoder {
  readonly #writer: PacketWriter;
  #maximumPacketBytes: number;
  /** Where the bytes begin that were not taken yet. */
  #start = 0;

  constructor({ version, role = 'either', maximumPacketBytes = Infinity }: PacketEncoderOptions) {
    this.#writer = new PacketWriter(version, role);
    this.#maximumPacketBytes = maximumPacketBytes;
  }

  /** Bytes that wait to be taken. */
  get length(): number {
    return this.#writer.at - this.#start;
  }

  /** Set when the CONNACK has told what the server accepts. */
  limitPackets(maximumPacketBytes: number): void {
    this.#maximumPacketBytes = maximumPacketBytes;
  }

  /** Appends the packet, or throws as `encode` does and appends nothing. */
  append(packet: Packet): void {
    writePacket(this.#writer, packet, this.#maximumPacketBytes);
  }

  /** All that was appended since the last call. The bytes belong to the caller, and are never written to again. */
  take(): Uint8Array {
    const writer = this.#writer;
    const taken = writer.bytes.subarray(this.#start, writer.at);
    this.#start = writer.at;
    const left = writer.bytes.length - writer.at;
    if (writer.bytes.length > REUSED_BYTES || left < writer.at) this.#release();
    return taken;
  }

  // The next packet gets a buffer of its own; whoever took this one keeps it alive as long as they need it.
  #release(): void {
    this.#writer.bytes = new Uint8Array(0);
    this.#writer.at = 0;
    this.#start = 0;
  }
}
